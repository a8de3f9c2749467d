package io.panal.cli.progress;

import io.panal.cli.command.Terminals;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/// Lines that change in place on a terminal; elsewhere each change of a line without a bar is printed anew.
///
/// The control sequences are those of docker's `jsonmessage`.
public final class Display {
    private static final int BAR = 50;
    private static final int LEAST_WIDTH_FOR_A_BAR = 110;

    private final PrintStream out;
    private final boolean terminal;
    private final boolean quiet;
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private int width;

    public Display(PrintStream out, boolean terminal, boolean quiet) {
        this.out = out;
        this.terminal = terminal;
        this.quiet = quiet;
    }

    /// Changes the line of that name.
    public void line(String name, String text) {
        show(name, text, "");
    }

    /// Changes the line of that name, with a bar.
    public void bar(String name, String text, long current, long total) {
        bar(name, text, current, total, "");
    }

    /// Changes the line of that name, with a bar and its numbers.
    public void bar(String name, String text, long current, long total, String unit) {
        String numbers = unit.isEmpty() ? "" : " " + current + "/" + total + " " + unit;
        show(name, text, current <= 0 && total <= 0 ? "" : box(current, total) + numbers + " ");
    }

    private String box(long current, long total) {
        if (width() <= LEAST_WIDTH_FOR_A_BAR) {
            return "";
        }
        int filled = Math.min(BAR, (int) ((double) current / total * 100) / 2);
        return "[" + "=".repeat(filled) + ">" + " ".repeat(BAR - filled) + "]";
    }

    private int width() {
        if (width == 0) {
            width = terminal && Terminals.isTerminal(0) ? Terminals.width() : 200;
        }
        return width;
    }

    private synchronized void show(String name, String text, String box) {
        if (quiet) {
            return;
        }
        if (!terminal) {
            // A line with a bar makes sense only where it can move.
            if (box.isEmpty()) {
                out.print(name + ": " + text + "\n");
                out.flush();
            }
            return;
        }
        Integer known = lines.get(name);
        int line = known == null ? lines.size() : known;
        var control = new StringBuilder();
        if (known == null) {
            lines.put(name, line);
            control.append('\n');
        }
        int up = lines.size() - line;
        control.append("\u001b[").append(up).append('A');
        control.append("\u001b[2K\r")
                .append(name)
                .append(": ")
                .append(text)
                .append(' ')
                .append(box)
                .append('\r');
        control.append("\u001b[").append(up).append('B');
        out.print(control);
        out.flush();
    }

    /// Prints a line that stays; the lines before it no longer change.
    public synchronized void message(String name, String text) {
        if (quiet) {
            return;
        }
        lines.clear();
        out.print((name.isEmpty() ? "" : name + ": ") + text + "\n");
        out.flush();
    }
}
