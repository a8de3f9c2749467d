package io.panal.core.manager;

import io.panal.core.agent.Assignment;
import io.panal.core.agent.Assignments;
import io.panal.core.agent.Report;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.Task;
import io.panal.core.model.TaskSpec;
import io.panal.core.model.TaskState;
import io.panal.core.model.TaskStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A node that pretends to run its tasks: each step takes each of them one state further.
///
/// An image whose name begins with `bad` fails as soon as it runs, with `done` it completes, with `slow` it never gets
/// beyond `preparing`, with `none` it cannot be prepared.
final class FakeNode {
    final Id<Node> id;
    final String session;
    final Node.Description description;
    final String address;
    Optional<Assignments> told = Optional.empty();
    boolean isUp = true;
    boolean acknowledges = true;
    /// Whether its tasks end when they are told to.
    boolean ends = true;
    private final Map<Id<Task>, TaskStatus> tasks = new TreeMap<>();

    FakeNode(Id<Node> id, String session, String address, Node.Description description) {
        this.id = id;
        this.session = session;
        this.address = address;
        this.description = description;
    }

    static Node.Description description(String hostname, Map<String, String> engineLabels) {
        return new Node.Description(
                hostname,
                new TaskSpec.Platform("x86_64", "linux"),
                new TaskSpec.Resources(4_000_000_000L, 8L << 30, List.of()),
                new Node.Engine("28.0.0", engineLabels, List.of()),
                new Node.TlsInfo("", "", ""),
                List.of());
    }

    FakeNode again(String nextSession) {
        FakeNode next = new FakeNode(id, nextSession, address, description);
        next.tasks.putAll(tasks);
        next.acknowledges = acknowledges;
        return next;
    }

    void hear(Assignments assignments) {
        if (told.filter(former -> former.generation() >= assignments.generation())
                .isPresent()) {
            throw new IllegalStateException("generation %d after %s".formatted(assignments.generation(), told));
        }
        told = Optional.of(assignments);
    }

    /// What its tasks came to.
    List<Report> step(Instant now) {
        List<Report> reports = new ArrayList<>();
        List<Assignment> wanted = told.map(Assignments::tasks).orElse(List.of());
        tasks.keySet()
                .removeIf(task -> wanted.stream().noneMatch(own -> own.task().equals(task)));
        for (Assignment assignment : wanted) {
            TaskState from = Optional.ofNullable(tasks.get(assignment.task()))
                    .map(TaskStatus::state)
                    .orElse(TaskState.ASSIGNED);
            if (!ends && assignment.desired().compareTo(TaskState.RUNNING) > 0) {
                continue;
            }
            next(assignment, from).ifPresent(state -> {
                TaskStatus status = TaskStatus.of(now, state, state.word());
                tasks.put(assignment.task(), status);
                reports.add(new Report(assignment.task(), status));
            });
        }
        return reports;
    }

    /// All that it knows, as after a new session.
    List<Report> everything() {
        return tasks.entrySet().stream()
                .map(entry -> new Report(entry.getKey(), entry.getValue()))
                .toList();
    }

    void crashTask(Id<Task> task, Instant now) {
        tasks.put(task, TaskStatus.of(now, TaskState.FAILED, "started").because("task: non-zero exit (1)"));
    }

    long running() {
        return tasks.values().stream()
                .filter(status -> status.state() == TaskState.RUNNING)
                .count();
    }

    private static Optional<TaskState> next(Assignment task, TaskState from) {
        if (from.isTerminal()) {
            return Optional.empty();
        }
        if (task.desired().compareTo(TaskState.RUNNING) > 0) {
            return Optional.of(TaskState.SHUTDOWN);
        }
        String image = task.spec().containerSpec().orElseThrow().image();
        return switch (from) {
            case ASSIGNED -> Optional.of(TaskState.PREPARING);
            case PREPARING ->
                image.startsWith("slow")
                        ? Optional.empty()
                        : Optional.of(image.startsWith("none") ? TaskState.REJECTED : TaskState.READY);
            case READY -> task.desired() == TaskState.RUNNING ? Optional.of(TaskState.RUNNING) : Optional.empty();
            case RUNNING ->
                image.startsWith("bad")
                        ? Optional.of(TaskState.FAILED)
                        : image.startsWith("done") ? Optional.of(TaskState.COMPLETE) : Optional.empty();
            case NEW, PENDING, ACCEPTED, STARTING -> throw new IllegalStateException("from " + from);
            case COMPLETE, SHUTDOWN, FAILED, REJECTED, REMOVE, ORPHANED -> Optional.empty();
        };
    }
}
