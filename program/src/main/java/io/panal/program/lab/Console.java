package io.panal.program.lab;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/// What the lab says: each step, the command a user would type for it, and how long it took.
final class Console {
    private static final String BOLD = "\u001b[1m";
    private static final String DIM = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";

    private final PrintStream out;
    private final boolean terminal;
    private final boolean quiet;
    private final Instant begin = Instant.now();
    private Instant step = begin;

    Console(PrintStream out, boolean terminal, boolean quiet) {
        this.out = out;
        this.terminal = terminal;
        this.quiet = quiet;
    }

    void step(String title) {
        step = Instant.now();
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

    private static String seconds(Instant since) {
        return String.format(
                Locale.ROOT, "%.1f s", Duration.between(since, Instant.now()).toMillis() / 1000.0);
    }

    synchronized void say(String line) {
        if (!quiet) {
            out.println(line);
            out.flush();
        }
    }
}
