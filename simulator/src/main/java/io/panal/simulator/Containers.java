package io.panal.simulator;

import io.panal.core.agent.AgentEffect;
import io.panal.core.agent.AgentEvent;
import io.panal.core.agent.AgentEvent.FoundTask.Condition;
import io.panal.core.agent.Assignment;
import io.panal.core.agent.NetworkOrders;
import io.panal.core.model.ContainerSpec;
import io.panal.core.model.Id;
import io.panal.core.model.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// A machine's containers, and the work on them. They outlive the daemon, but not the machine's power.
final class Containers {
    private static final int KILLED = 137;
    private static final int POWER_LOST = 255;

    private final World world;
    private final Machine machine;
    private final Images images;
    private final Consumer<AgentEvent> told;
    private final Map<Id<Task>, Container> containers = new TreeMap<>();
    private final TreeSet<Id<Task>> started = new TreeSet<>();
    private final TreeSet<Id<Task>> toldToStop = new TreeSet<>();
    private NetworkOrders kernel = NetworkOrders.NONE;
    private String kernelSession = "";
    private long kernelGeneration;
    private long pids = 1000;

    private record Container(Assignment order, String id, Condition condition, long pid, int exitCode) {
        Container in(Condition next, long process, int code) {
            return new Container(order, id, next, process, code);
        }

        boolean isRunning() {
            return condition == Condition.WARMING || condition == Condition.RUNNING || condition == Condition.UNHEALTHY;
        }

        String image() {
            return order.spec().containerSpec().map(ContainerSpec::image).orElse("");
        }
    }

    /// @param told hears what came of the work
    Containers(World world, Machine machine, Images images, Consumer<AgentEvent> told) {
        this.world = world;
        this.machine = machine;
        this.images = images;
        this.told = told;
    }

    /// What a daemon finds at its start.
    List<AgentEvent.FoundTask> found() {
        List<AgentEvent.FoundTask> found = new ArrayList<>();
        containers.forEach((task, own) ->
                found.add(new AgentEvent.FoundTask(task, own.id(), own.condition(), own.pid(), own.exitCode())));
        return found;
    }

    /// Tasks whose containers run.
    List<Id<Task>> running() {
        return containers.entrySet().stream()
                .filter(entry -> entry.getValue().isRunning())
                .map(Map.Entry::getKey)
                .toList();
    }

    /// Tasks whose end was ever asked for.
    Set<Id<Task>> toldToStop() {
        return Collections.unmodifiableSet(toldToStop);
    }

    /// Whether there is anything of the task, in whatever condition.
    boolean has(Id<Task> task) {
        return containers.containsKey(task);
    }

    /// The machine's plug is pulled.
    void losePower() {
        kernel = NetworkOrders.NONE;
        containers.replaceAll((_, own) -> own.isRunning() ? own.in(Condition.EXITED, 0, POWER_LOST) : own);
    }

    /// A container's process ends though nobody asked.
    void kill(Id<Task> task) {
        exit(task, KILLED);
    }

    private void exit(Id<Task> task, int code) {
        Container own = containers.get(task);
        if (own != null && own.isRunning()) {
            containers.put(task, own.in(Condition.EXITED, 0, code));
            tell(new AgentEvent.Exited(task, code));
        }
    }

    private void tell(AgentEvent event) {
        if (machine.isUp()) {
            told.accept(event);
        }
    }

    void perform(AgentEffect effect) {
        switch (effect) {
            case AgentEffect.Prepare(Assignment order) -> work(world.between(50, 300), () -> prepare(order));
            case AgentEffect.Start(Id<Task> task, String _) -> work(world.between(10, 60), () -> start(task));
            case AgentEffect.Stop(Id<Task> task, String _, String _, Duration _) -> {
                toldToStop.add(task);
                work(world.between(10, 150), () -> stop(task));
            }
            case AgentEffect.Remove(Id<Task> task, String _) ->
                work(world.between(5, 50), () -> {
                    containers.remove(task);
                    tell(new AgentEvent.Removed(task));
                });
            case AgentEffect.Connect(String session, long generation, NetworkOrders orders) ->
                work(world.between(1, 30), () -> connect(session, generation, orders));
            case AgentEffect.Tell _, AgentEffect.Acknowledge _ ->
                throw new IllegalStateException("what is for the leader is no work on the host");
        }
    }

    private void connect(String session, long generation, NetworkOrders orders) {
        if (session.equals(kernelSession) && generation < kernelGeneration) {
            return;
        }
        kernel = orders;
        kernelSession = session;
        kernelGeneration = generation;
        tell(new AgentEvent.Connected(session, generation));
    }

    /// Whether new connections from this machine may reach the address.
    boolean sendsTo(String ip) {
        return kernel.overlays().stream()
                .flatMap(overlay -> overlay.services().stream())
                .flatMap(service -> service.backends().stream())
                .anyMatch(backend -> backend.ip().equals(ip));
    }

    private void work(Duration usual, Runnable deed) {
        int life = machine.life();
        world.afterWork(usual.multipliedBy(machine.slowness()), () -> {
            if (machine.isInLife(life)) {
                deed.run();
            }
        });
    }

    private void prepare(Assignment order) {
        Id<Task> task = order.task();
        String image = order.spec().containerSpec().map(ContainerSpec::image).orElse("");
        Optional<String> refusal = images.refusalOf(image);
        if (refusal.isPresent()) {
            tell(new AgentEvent.Failed(task, refusal.get()));
            return;
        }
        if (containers.containsKey(task)) {
            throw new BrokenLaw("a task has one container: task %s is prepared twice on %s".formatted(task, machine));
        }
        var made = new Container(order, world.freshName() + world.freshName(), Condition.CREATED, 0, 0);
        containers.put(task, made);
        tell(new AgentEvent.Prepared(task, made.id()));
    }

    private void start(Id<Task> task) {
        Container own = containers.get(task);
        if (own == null) {
            tell(new AgentEvent.Failed(task, "No such container: " + task));
            return;
        }
        if (!started.add(task)) {
            throw new BrokenLaw("a task runs once: task %s is started again on %s".formatted(task, machine));
        }
        pids++;
        Optional<Images.Fate.Checked> health = images.healthOf(own.image());
        containers.put(task, own.in(health.isPresent() ? Condition.WARMING : Condition.RUNNING, pids, 0));
        tell(health.isPresent() ? new AgentEvent.Warming(task, pids) : new AgentEvent.Started(task, pids));
        health.ifPresent(check -> {
            check.well().ifPresent(after -> world.after(after, () -> find(task, Condition.RUNNING)));
            check.ill().ifPresent(after -> world.after(after, () -> find(task, Condition.UNHEALTHY)));
        });
        images.exitOf(own.image()).ifPresent(end -> world.after(end.after(), () -> exit(task, end.code())));
    }

    /// A health check finds it well or ill.
    private void find(Id<Task> task, Condition found) {
        Container own = containers.get(task);
        if (own != null && own.isRunning() && own.condition() != found) {
            containers.put(task, own.in(found, own.pid(), 0));
            tell(found == Condition.RUNNING ? new AgentEvent.Healthy(task) : new AgentEvent.Unhealthy(task));
        }
    }

    private void stop(Id<Task> task) {
        Container own = containers.get(task);
        if (own == null) {
            tell(new AgentEvent.Exited(task, KILLED));
        } else if (own.isRunning()) {
            exit(task, 0);
        }
    }
}
