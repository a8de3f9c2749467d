package io.panal.program.lab;

import io.panal.node.time.Stopwatch;
import java.io.PrintStream;
import java.util.Locale;

/// What the lab says: each step, the command a user would type for it, and how long it took.
final class Console {
    private static final String BOLD = "\u001b[1m";
    private static final String DIM = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";

    private final PrintStream out;
    private final boolean terminal;
    private final boolean quiet;
    private final Stopwatch begin = Stopwatch.started();
    private Stopwatch step = begin;

    Console(PrintStream out, boolean terminal, boolean quiet) {
        this.out = out;
        this.terminal = terminal;
        this.quiet = quiet;
    }

    void step(String title) {
        step = Stopwatch.started();
        say("");
        say(terminal ? BOLD + title + PLAIN : title);
    }

    /// The command that a user would type.
    void command(String line) {
        say(terminal ? "  " + DIM + "$ " + PLAIN + line : "  $ " + line);
    }

    void note(String text) {
        text.lines().forEach(line -> say("    " + line));
    }

    void done(String what) {
        note("%s (%s)".formatted(what, seconds(step)));
    }

    String total() {
        return seconds(begin);
    }

    private static String seconds(Stopwatch since) {
        return String.format(Locale.ROOT, "%.1f s", since.elapsed().toMillis() / 1000.0);
    }

    synchronized void say(String line) {
        if (!quiet) {
            out.println(line);
            out.flush();
        }
    }
}
