package io.panal.core.agent;

import io.panal.core.Actor;
import io.panal.core.SteadyTime;
import io.panal.core.model.ContainerSpec;
import io.panal.core.model.Id;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import io.panal.core.model.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// A node's agent: compares what it is to have with what it has, and asks for the next step of each task.
///
/// Until the first orders come it touches nothing: containers found at the start go on, for a daemon's restart restarts
/// none. After that, what no order names is ended and taken away.
public final class Agent implements Actor<AgentEvent, AgentEffect> {
    private final TreeMap<Id<Task>, LocalTask> tasks = new TreeMap<>();
    private final SteadyTime time = new SteadyTime();
    private final News news = new News();
    private final List<AgentEffect> effects = new ArrayList<>();
    private String session = "";
    private long generation;
    private boolean hasOrders;
    private NetworkOrders network = NetworkOrders.NONE;

    @Override
    public List<AgentEffect> on(AgentEvent event, Instant clock) {
        effects.clear();
        if (event instanceof AgentEvent.ClockJumped(Duration by)) {
            news.leapt(time.clockJumped(by));
        }
        Instant now = time.at(clock);
        switch (event) {
            case AgentEvent.Found(List<AgentEvent.FoundTask> found) -> adopt(found, now);
            case AgentEvent.SessionOpened(String opened) -> open(opened);
            case AgentEvent.Ordered(String of, Assignments orders) -> obey(of, orders, now);
            case AgentEvent.Connected(String of, long made) -> acknowledge(of, made);
            case AgentEvent.Dismissed _ -> dismiss(now);
            case AgentEvent.Prepared(Id<Task> id, String container) ->
                arrive(id, LocalTask.Phase.PREPARING, local(id).in(LocalTask.Phase.PREPARED, container, 0), now);
            case AgentEvent.Started(Id<Task> id, long pid) ->
                arrive(
                        id,
                        LocalTask.Phase.STARTING,
                        local(id).in(LocalTask.Phase.RUNNING, local(id).containerId(), pid),
                        now);
            case AgentEvent.Warming(Id<Task> id, long pid) ->
                arrive(
                        id,
                        LocalTask.Phase.STARTING,
                        local(id).in(LocalTask.Phase.WARMING, local(id).containerId(), pid),
                        now);
            case AgentEvent.Healthy(Id<Task> id) ->
                arrive(id, LocalTask.Phase.WARMING, local(id).in(LocalTask.Phase.RUNNING), now);
            case AgentEvent.Unhealthy(Id<Task> id) -> condemn(id, now);
            case AgentEvent.Exited(Id<Task> id, int exitCode) -> end(id, exitCode, now);
            case AgentEvent.Failed(Id<Task> id, String why) -> fail(id, why, now);
            case AgentEvent.Removed(Id<Task> id) -> forget(id, now);
            case AgentEvent.ClockJumped _, AgentEvent.Woken _ -> {}
        }
        tell(now);
        return List.copyOf(effects);
    }

    @Override
    public Optional<Instant> wakeAt() {
        return session.isEmpty() ? Optional.empty() : news.dueAt().map(time::clockAt);
    }

    /// Tasks that have something running on this host.
    public long running() {
        return tasks.values().stream()
                .filter(task -> task.phase() == LocalTask.Phase.RUNNING)
                .count();
    }

    private LocalTask local(Id<Task> id) {
        return tasks.getOrDefault(id, LocalTask.UNKNOWN);
    }

    private void adopt(List<AgentEvent.FoundTask> found, Instant now) {
        for (AgentEvent.FoundTask each : found) {
            LocalTask task = LocalTask.found(each);
            if (each.condition() == AgentEvent.FoundTask.Condition.EXITED) {
                task = ended(task, each.exitCode(), now);
            }
            tasks.put(each.task(), task);
        }
    }

    private void open(String opened) {
        session = opened;
        generation = 0;
        news.forget();
        tasks.forEach((id, task) -> task.status().ifPresent(status -> news.add(id, status)));
    }

    private void obey(String of, Assignments orders, Instant now) {
        if (!of.equals(session) || orders.generation() <= generation) {
            return;
        }
        boolean isFirst = generation == 0;
        generation = orders.generation();
        hasOrders = true;
        // A leader knows of no acknowledgement that another session was given.
        if (isFirst || !orders.network().equals(network)) {
            network = orders.network();
            effects.add(new AgentEffect.Connect(session, generation, network));
        }
        TreeSet<Id<Task>> unnamed = new TreeSet<>(tasks.keySet());
        for (Assignment order : orders.tasks()) {
            unnamed.remove(order.task());
            update(order.task(), local(order.task()).ordered(order), now);
        }
        for (Id<Task> id : unnamed) {
            update(id, local(id).unordered(), now);
        }
    }

    private void acknowledge(String of, long made) {
        if (of.equals(session)) {
            effects.add(new AgentEffect.Acknowledge(of, made));
        }
    }

    private void dismiss(Instant now) {
        session = "";
        hasOrders = true;
        news.forget();
        for (Id<Task> id : List.copyOf(tasks.keySet())) {
            update(id, local(id).unordered(), now);
        }
        network = NetworkOrders.NONE;
    }

    /// A container may have ended before its start is told of: what is over stays over.
    private void arrive(Id<Task> id, LocalTask.Phase from, LocalTask arrived, Instant now) {
        if (local(id).phase() == from) {
            update(id, arrived, now);
        }
    }

    private void end(Id<Task> id, int exitCode, Instant now) {
        LocalTask task = local(id);
        if (task.phase() != LocalTask.Phase.REMOVING && tasks.containsKey(id)) {
            update(id, ended(task, exitCode, now), now);
        }
    }

    private void condemn(Id<Task> id, Instant now) {
        LocalTask task = local(id);
        if (task.phase() == LocalTask.Phase.WARMING || task.phase() == LocalTask.Phase.RUNNING) {
            update(id, task.in(LocalTask.Phase.UNHEALTHY), now);
        }
    }

    private static LocalTask ended(LocalTask task, int exitCode, Instant now) {
        boolean asked = task.phase() == LocalTask.Phase.STOPPING;
        LocalTask over = task.in(LocalTask.Phase.ENDED, task.containerId(), 0);
        if (asked) {
            return over.told(now, TaskState.SHUTDOWN, "shutdown", "", exitCode);
        }
        if (task.phase() == LocalTask.Phase.CONDEMNED) {
            String why = "task: non-zero exit (%d): dockerexec: unhealthy container".formatted(exitCode);
            // Swarm takes an orderly end for success even then; a service restarted on failure would stay away.
            return over.told(
                    now,
                    TaskState.FAILED,
                    "started",
                    exitCode == 0 ? "dockerexec: unhealthy container" : why,
                    exitCode);
        }
        return exitCode == 0
                ? over.told(now, TaskState.COMPLETE, "finished", "", 0)
                : over.told(now, TaskState.FAILED, "started", "task: non-zero exit (%d)".formatted(exitCode), exitCode);
    }

    private void fail(Id<Task> id, String why, Instant now) {
        LocalTask task = local(id);
        if (!tasks.containsKey(id)) {
            return;
        }
        boolean unprepared = task.phase() == LocalTask.Phase.PREPARING;
        TaskState state = unprepared ? TaskState.REJECTED : TaskState.FAILED;
        String message = unprepared ? "preparing" : "starting";
        update(id, task.in(LocalTask.Phase.ENDED).told(now, state, message, why, 0), now);
    }

    private void forget(Id<Task> id, Instant now) {
        LocalTask task = local(id);
        if (task.order().isPresent()) {
            update(id, task.in(LocalTask.Phase.ENDED, "", 0), now);
        } else {
            tasks.remove(id);
            news.remove(id);
        }
    }

    /// Keeps what is new of a task and asks for its next step.
    private void update(Id<Task> id, LocalTask changed, Instant now) {
        Optional<TaskStatus> before = local(id).status();
        LocalTask next = changed.phase().isBusy() || !hasOrders ? changed : step(id, changed, now);
        tasks.put(id, next);
        next.status().filter(status -> !before.equals(Optional.of(status))).ifPresent(status -> news.add(id, status));
    }

    private LocalTask step(Id<Task> id, LocalTask task, Instant now) {
        if (task.order().isEmpty()) {
            return takeAway(id, task);
        }
        Assignment order = task.order().get();
        return order.desired().compareTo(TaskState.RUNNING) <= 0 && !task.isOver()
                ? advance(id, task, order, now)
                : windDown(id, task, order, now);
    }

    private LocalTask advance(Id<Task> id, LocalTask task, Assignment order, Instant now) {
        return switch (task.phase()) {
            case NOTHING -> {
                effects.add(new AgentEffect.Prepare(order));
                yield task.in(LocalTask.Phase.PREPARING).told(now, TaskState.PREPARING, "preparing", "", 0);
            }
            case PREPARED -> {
                if (order.desired().compareTo(TaskState.RUNNING) < 0) {
                    yield task.told(now, TaskState.READY, "prepared", "", 0);
                }
                effects.add(new AgentEffect.Start(id, task.containerId()));
                yield task.in(LocalTask.Phase.STARTING).told(now, TaskState.STARTING, "starting", "", 0);
            }
            case RUNNING -> task.told(now, TaskState.RUNNING, "started", "", 0);
            case WARMING -> task.told(now, TaskState.STARTING, "starting", "", 0);
            case UNHEALTHY -> stopped(id, task, order, LocalTask.Phase.CONDEMNED);
            case PREPARING, STARTING, STOPPING, CONDEMNED, ENDED, REMOVING -> task;
        };
    }

    private LocalTask windDown(Id<Task> id, LocalTask task, Assignment order, Instant now) {
        return switch (task.phase()) {
            case WARMING, RUNNING, UNHEALTHY -> stopped(id, task, order, LocalTask.Phase.STOPPING);
            case NOTHING -> task.told(now, TaskState.SHUTDOWN, "shutdown", "", 0);
            case PREPARED -> {
                effects.add(new AgentEffect.Remove(id, task.containerId()));
                yield task.in(LocalTask.Phase.REMOVING).told(now, TaskState.SHUTDOWN, "shutdown", "", 0);
            }
            case ENDED, PREPARING, STARTING, STOPPING, CONDEMNED, REMOVING -> task;
        };
    }

    private LocalTask stopped(Id<Task> id, LocalTask task, Assignment order, LocalTask.Phase stopping) {
        ContainerSpec container = order.spec().containerSpec().orElseThrow();
        effects.add(new AgentEffect.Stop(id, task.containerId(), container.stopSignal(), container.grace()));
        return task.in(stopping);
    }

    private LocalTask takeAway(Id<Task> id, LocalTask task) {
        return switch (task.phase()) {
            case WARMING, RUNNING, UNHEALTHY -> {
                effects.add(new AgentEffect.Stop(id, task.containerId(), "", ContainerSpec.DEFAULT_GRACE));
                yield task.in(LocalTask.Phase.STOPPING);
            }
            case NOTHING, PREPARED, ENDED -> {
                effects.add(new AgentEffect.Remove(id, task.containerId()));
                yield task.in(LocalTask.Phase.REMOVING);
            }
            case PREPARING, STARTING, STOPPING, CONDEMNED, REMOVING -> task;
        };
    }

    private void tell(Instant now) {
        if (session.isEmpty()) {
            return;
        }
        List<Report> reports = new ArrayList<>();
        for (Id<Task> id : news.take(now)) {
            local(id).status().ifPresent(status -> reports.add(new Report(id, status)));
        }
        if (!reports.isEmpty()) {
            effects.add(new AgentEffect.Tell(session, reports));
        }
    }
}
