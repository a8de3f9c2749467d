package io.panal.node.containers;

import java.util.List;
import java.util.Locale;

/// Signals by name, as kill(1) and docker write them.
public final class Signals {
    public static final int KILL = 9;
    public static final int TERMINATE = 15;

    /// A signal's place is its number on x86-64 and ARM. Source: signal(7).
    private static final List<String> NAMES = List.of(
            "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
            "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM",
            "PROF", "WINCH", "IO", "PWR", "SYS");

    private static final int LAST = 64;
    private static final int FIRST_REALTIME = 34;

    private Signals() {}

    /// Reads `SIGTERM`, `term`, `15`, `RTMIN+3`.
    ///
    /// @throws ContainersException INVALID, with docker's text
    public static int parse(String text) throws ContainersException {
        if (text.matches("[0-9]{1,3}")) {
            int number = Integer.parseInt(text);
            if (number > 0 && number <= LAST) {
                return number;
            }
            throw invalid(text);
        }
        var name = text.toUpperCase(Locale.ROOT);
        name = name.startsWith("SIG") ? name.substring(3) : name;
        if (name.matches("RTMIN(\\+[0-9]{1,2})?")) {
            return FIRST_REALTIME + (name.length() > 6 ? Integer.parseInt(name.substring(6)) : 0);
        }
        int number = NAMES.indexOf(name);
        if (number <= 0) {
            throw invalid(text);
        }
        return number;
    }

    private static ContainersException invalid(String text) {
        return new ContainersException(ContainersException.Reason.INVALID, "invalid signal: " + text);
    }
}
