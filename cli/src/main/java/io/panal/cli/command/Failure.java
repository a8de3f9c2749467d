package io.panal.cli.command;

/// Why a command did not do what was asked, in words for the user.
public final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private Failure(String message, int exitCode) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    /// A failure that ends the program with 1.
    public static Failure because(String message) {
        return new Failure(message, 1);
    }

    /// A failure that ends the program with the given code.
    public static Failure exiting(int exitCode, String message) {
        return new Failure(message, exitCode);
    }

    /// The text, never null.
    public String text() {
        String message = getMessage();
        return message == null ? "" : message;
    }

    /// What the program exits with.
    public int exitCode() {
        return exitCode;
    }
}
