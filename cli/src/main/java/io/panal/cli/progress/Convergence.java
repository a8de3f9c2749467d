package io.panal.cli.progress;

import io.panal.cli.client.Engine;
import io.panal.cli.client.Query;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.json.Tree;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Watches a service until its tasks are as its spec wants them and have stayed so for the monitoring period.
public final class Convergence {
    private static final Duration MONITOR = Duration.ofSeconds(5);

    private final Session session;
    private final Engine engine;
    private final Display display;
    private final String service;
    private @Nullable Progress progress;
    private @Nullable Duration convergedAt;
    private boolean converged;
    private boolean rollback;
    private Duration monitor = MONITOR;
    private String lastWord = "";

    private Convergence(Session session, Display display, String service) throws Failure {
        this.session = session;
        this.engine = session.engine();
        this.display = display;
        this.service = service;
    }

    /// @param service the id or name by which it is asked for and named
    /// @throws Failure when the update of the service has been paused
    public static void await(Session session, String service, boolean quiet) throws Failure, IOException {
        var display = new Display(session.out(), session.isTerminal(), quiet);
        var watched = new Convergence(session, display, service);
        Watch.until(session, watched::look, watched::interrupted);
    }

    private void interrupted() {
        if (!converged) {
            display.message("", "Operation continuing in background.");
            display.message("", "Use `panal service ps " + service + "` to check progress.");
        }
    }

    private boolean look() throws Failure, IOException {
        Tree found = engine.get(
                Query.of("/services/", service).with("insertDefaults", false).toString());
        long period = found.number("Spec.UpdateConfig.Monitor");
        monitor = period == 0 ? monitor : Duration.ofNanos(period);
        Progress current = progress;
        if (current == null) {
            current = Progress.of(found, display);
            progress = current;
        }
        update(found.tree("UpdateStatus"));
        Duration since = convergedAt;
        if (converged && since != null && session.elapsed().compareTo(since.plus(monitor)) >= 0) {
            display.line("verify", "Service " + service + " converged");
            if (!lastWord.isEmpty()) {
                display.message("rollback", lastWord);
            }
            return true;
        }
        List<Tree> tasks = engine.list(Query.of("/tasks")
                .filters(Map.of("service", List.of(found.text("ID")), "_up-to-date", List.of("true")))
                .toString());
        converged = current.update(found, tasks, activeNodes(), rollback);
        return converged ? settle(found) : unsettle();
    }

    private void update(Tree status) throws Failure {
        String message = status.text("Message");
        switch (status.text("State")) {
            case "updating" -> rollback = false;
            case "paused" -> throw Failure.because("service update paused: " + message);
            case "rollback_started" -> {
                if (!rollback && !message.isEmpty()) {
                    display.line("rollback", message);
                }
                rollback = true;
            }
            case "rollback_paused" -> throw Failure.because("service rollback paused: " + message);
            case "rollback_completed" -> {
                lastWord = converged ? lastWord : message;
                rollback = true;
            }
            default -> {}
        }
    }

    private boolean settle(Tree found) {
        if (found.has("JobStatus")) {
            // A job that is done stays done.
            display.message("", "job complete");
            return true;
        }
        Duration now = session.elapsed();
        Duration since = convergedAt;
        if (since == null) {
            since = now;
            convergedAt = now;
        }
        Duration left = since.plus(monitor).minus(now);
        if (!left.isNegative()) {
            long seconds = (left.toNanos() + 999_999_999) / 1_000_000_000;
            display.line("verify", "Waiting " + seconds + " seconds to verify that tasks are stable...");
        }
        return false;
    }

    private boolean unsettle() {
        if (convergedAt != null) {
            display.line("verify", "Detected task failure");
        }
        convergedAt = null;
        return false;
    }

    private Set<String> activeNodes() throws IOException {
        var active = new HashSet<String>();
        for (Tree node : engine.list("/nodes")) {
            if (!node.text("Status.State").equals("down")) {
                active.add(node.text("ID"));
            }
        }
        return active;
    }
}
