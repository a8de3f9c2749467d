package io.panal.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the standard streams are connected to.
public final class Terminals {
    private static final int DEFAULT_WIDTH = 80;

    private Terminals() {}

    /// Whether a stream of this process is a terminal.
    ///
    /// @param stream 0 for input, 1 for output, 2 for errors
    public static boolean isTerminal(int stream) {
        try {
            String target =
                    Files.readSymbolicLink(Path.of("/proc/self/fd/" + stream)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException _) {
            return false;
        }
    }

    /// How many characters a line has on the terminal at standard input; 80 when there is none.
    public static int width() {
        if (!isTerminal(0)) {
            return DEFAULT_WIDTH;
        }
        try {
            Process process = new ProcessBuilder("stty", "size")
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            int blank = answer.indexOf(' ');
            int width = blank < 0 ? 0 : Integer.parseInt(answer.substring(blank + 1));
            return width > 0 ? width : DEFAULT_WIDTH;
        } catch (IOException | NumberFormatException _) {
            return DEFAULT_WIDTH;
        }
    }

    /// Reads a line from the input; on a terminal it is asked for and not shown.
    public static String secret(Session session, String prompt) throws IOException {
        boolean hidden = isTerminal(0);
        if (hidden) {
            session.err().print(prompt);
            echo(false);
        }
        try {
            var line = new StringBuilder();
            int next = session.in().read();
            while (next >= 0 && next != '\n') {
                line.append((char) next);
                next = session.in().read();
            }
            return line.toString().strip();
        } finally {
            if (hidden) {
                echo(true);
                session.err().println();
            }
        }
    }

    private static void echo(boolean on) throws IOException {
        try {
            new ProcessBuilder("stty", on ? "echo" : "-echo")
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .start()
                    .waitFor();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
