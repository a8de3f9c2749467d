package io.panal.cli.machine;

import io.panal.cli.command.Failure;
import io.panal.machines.Workers;
import io.panal.machines.model.MachineName;
import io.panal.machines.model.Progress;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// One thing done to several machines at once.
final class Together {
    private Together() {}

    /// What is done to a machine.
    @FunctionalInterface
    interface Deed {
        void to(MachineName name) throws IOException;
    }

    /// Does it to all, and fails with every reason, one a line, after the last has ended.
    static void apply(List<MachineName> names, Deed deed) throws Failure {
        var deeds = new ArrayList<Future<String>>();
        var reasons = new ArrayList<String>();
        try (var threads = Workers.perTask()) {
            for (var name : names) {
                deeds.add(threads.submit(() -> reason(name, deed)));
            }
            for (var done : deeds) {
                var reason = done.get();
                if (!reason.isEmpty()) {
                    reasons.add(reason);
                }
            }
        } catch (ExecutionException bug) {
            throw new IllegalStateException(bug.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Failure.because("interrupted");
        }
        if (!reasons.isEmpty()) {
            throw Failure.because(String.join("\n", reasons));
        }
    }

    private static String reason(MachineName name, Deed deed) {
        try {
            deed.to(name);
            return "";
        } catch (IOException failure) {
            return String.valueOf(failure.getMessage());
        }
    }

    /// Prints each step as it comes; among several machines, with the name before it.
    static Progress printing(PrintStream out, int machines) {
        return (name, step) -> {
            var named = machines == 1 || step.contains("\"" + name + "\"") || step.startsWith("(" + name + ")");
            out.println(named ? step : "(%s) %s".formatted(name, step));
            out.flush();
        };
    }
}
