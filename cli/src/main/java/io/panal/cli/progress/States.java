package io.panal.cli.progress;

import io.panal.cli.json.Tree;
import io.panal.cli.shown.Text;

/// A task's states in the order they are passed through.
final class States {
    static final int RUNNING = 9;
    static final int COMPLETE = 10;

    private static final int LONGEST = 9;
    private static final int LONGEST_ERROR = 75;

    private States() {}

    /// The place of a state in the order; zero when it is unknown.
    static int number(String state) {
        return switch (state) {
            case "new" -> 1;
            case "allocated" -> 2;
            case "pending" -> 3;
            case "assigned" -> 4;
            case "accepted" -> 5;
            case "preparing" -> 6;
            case "ready" -> 7;
            case "starting" -> 8;
            case "running" -> RUNNING;
            case "complete" -> COMPLETE;
            case "shutdown" -> 11;
            case "failed" -> 12;
            case "rejected" -> 13;
            default -> 0;
        };
    }

    static int wanted(Tree task) {
        return number(task.text("DesiredState"));
    }

    static int actual(Tree task) {
        return number(task.text("Status.State"));
    }

    static boolean isKnown(Tree task) {
        return wanted(task) != 0 && actual(task) != 0;
    }

    static boolean isRunning(Tree task) {
        return wanted(task) <= RUNNING && actual(task) == RUNNING;
    }

    /// Which of two tasks in one place counts: the one wanted less far, then the one less far.
    static boolean isBefore(Tree task, Tree other) {
        return wanted(task) != wanted(other) ? wanted(task) < wanted(other) : actual(task) < actual(other);
    }

    /// Shows a task on its line: its error, else its state with a bar.
    static void show(Display display, String name, Tree task, boolean endedToo) {
        String error = task.text("Status.Err");
        if (!error.isEmpty()) {
            display.line(name, Text.cut(error.replace('\n', ' '), LONGEST_ERROR));
            return;
        }
        if (endedToo || (wanted(task) <= RUNNING && actual(task) <= RUNNING)) {
            String state = task.text("Status.State");
            display.bar(name, state + " ".repeat(Math.max(0, LONGEST - state.length())), actual(task), RUNNING);
        }
    }

    static void overall(Display display, int running, long wanted, boolean rollback) {
        String start = rollback ? "rolling back update: " : "";
        display.line("overall progress", start + running + " out of " + wanted + " tasks");
    }
}
