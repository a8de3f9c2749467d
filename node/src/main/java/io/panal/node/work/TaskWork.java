package io.panal.node.work;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.panal.core.agent.AgentEffect;
import io.panal.core.agent.AgentEvent;
import io.panal.core.agent.Assignment;
import io.panal.core.agent.NetworkOrders;
import io.panal.core.model.ContainerSpec;
import io.panal.core.model.Id;
import io.panal.core.model.Task;
import io.panal.node.containers.Container;
import io.panal.node.containers.ContainerEvent;
import io.panal.node.containers.ContainerPlan;
import io.panal.node.containers.ContainerState;
import io.panal.node.containers.Containers;
import io.panal.node.containers.ContainersException;
import io.panal.node.containers.Health;
import io.panal.node.containers.MountPlan;
import io.panal.node.containers.NamesPlan;
import io.panal.node.containers.NetworkPlan;
import io.panal.node.dataplane.Dataplane;
import io.panal.node.dataplane.Sandbox;
import io.panal.node.dataplane.TaskNetwork;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/// Does the agent's work on this host, each piece on a virtual thread, and answers each with one event.
public final class TaskWork implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(TaskWork.class.getName());
    /// More at once only make the runtime's processes wait for each other.
    private static final int CONTAINERS_AT_ONCE = 2 * Runtime.getRuntime().availableProcessors() + 4;

    private static final Duration REMOVE_AGAIN = Duration.ofSeconds(2);
    private static final int ID_BYTES = 32;

    private final Containers containers;
    private final Dataplane dataplane;
    private final ImageSource images;
    private final TaskFiles files;
    private final ContainerPlans plans;
    private final Consumer<AgentEvent> agent;
    private final Room runtime = new Room(CONTAINERS_AT_ONCE);
    private final NetworkWork network;
    private final Map<String, Id<Task>> taskByContainer = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private final ExecutorService pieces = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("work-", 0).factory());

    /// Where a task's image comes from.
    public interface ImageSource {
        /// The image's name in the store, pulled when it is not there.
        ///
        /// @param registryAuth base 64 as a client sends it; empty when none
        /// @throws IOException in words for a user: the registry's own reason
        String ensure(String reference, String registryAuth) throws IOException, InterruptedException;
    }

    /// @param agent hears what came of the work
    public TaskWork(
            Containers containers,
            Dataplane dataplane,
            ImageSource images,
            Surroundings here,
            Consumer<AgentEvent> agent) {
        this.containers = containers;
        this.dataplane = dataplane;
        this.network = new NetworkWork(dataplane);
        this.images = images;
        this.files = new TaskFiles(here.run().resolve("files"));
        this.plans =
                new ContainerPlans(here.node(), here.description(), here.data().resolve("volumes"));
        this.agent = agent;
    }

    /// Tells the agent what of the swarm's tasks is on this host.
    public void report() throws IOException {
        List<AgentEvent.FoundTask> found = new ArrayList<>();
        Set<String> connected = new TreeSet<>();
        for (Container container : containers.list()) {
            if (!(container.state() instanceof ContainerState.Exited)) {
                connected.add(container
                        .plan()
                        .labels()
                        .getOrDefault(ContainerPlans.TASK_LABEL, TaskNetwork.nameOfPlain(container.id())));
            }
            Optional.ofNullable(container.plan().labels().get(ContainerPlans.TASK_LABEL))
                    .ifPresent(task -> {
                        taskByContainer.put(container.id(), new Id<>(task));
                        found.add(found(new Id<>(task), container));
                    });
        }
        dataplane.sweep(connected);
        agent.accept(new AgentEvent.Found(found));
    }

    /// Removes every container of a swarm's task, running or not.
    public static void removeAll(Containers containers) throws IOException {
        for (Container container : containers.list()) {
            if (container.plan().labels().containsKey(ContainerPlans.TASK_LABEL)) {
                containers.remove(container.id(), true);
            }
        }
    }

    private static AgentEvent.FoundTask found(Id<Task> task, Container container) {
        return switch (container.state()) {
            case ContainerState.Created _ ->
                new AgentEvent.FoundTask(task, container.id(), AgentEvent.FoundTask.Condition.CREATED, 0, 0);
            case ContainerState.Running running ->
                new AgentEvent.FoundTask(task, container.id(), condition(container), running.pid(), 0);
            case ContainerState.Exited exited ->
                new AgentEvent.FoundTask(task, container.id(), AgentEvent.FoundTask.Condition.EXITED, 0, exited.code());
        };
    }

    private static AgentEvent.FoundTask.Condition condition(Container running) {
        return switch (running.health().map(Health::status).orElse(Health.Status.HEALTHY)) {
            case STARTING -> AgentEvent.FoundTask.Condition.WARMING;
            case HEALTHY -> AgentEvent.FoundTask.Condition.RUNNING;
            case UNHEALTHY -> AgentEvent.FoundTask.Condition.UNHEALTHY;
        };
    }

    /// Something happened to a container of this host, of a task or not.
    public void noticed(ContainerEvent event) {
        switch (event) {
            case ContainerEvent.Exited(String id, int code, var _, boolean _) ->
                Optional.ofNullable(taskByContainer.get(id))
                        .ifPresent(task -> pieces.execute(() -> exited(task, code)));
            case ContainerEvent.HealthChanged(String id, Health.Status status, var _) ->
                Optional.ofNullable(taskByContainer.get(id)).ifPresent(task -> found(task, status));
            case ContainerEvent.Created _,
                    ContainerEvent.Started _,
                    ContainerEvent.Signalled _,
                    ContainerEvent.Stopped _,
                    ContainerEvent.Removed _,
                    ContainerEvent.OutOfMemory _,
                    ContainerEvent.Paused _,
                    ContainerEvent.Resumed _ -> {}
        }
    }

    /// Does one piece of work; returns at once.
    public void perform(AgentEffect effect) {
        switch (effect) {
            case AgentEffect.Connect(String session, long generation, NetworkOrders orders) ->
                network.connect(orders, () -> agent.accept(new AgentEvent.Connected(session, generation)));
            case AgentEffect.Acknowledge _ -> throw new IllegalStateException("it goes to the leader, not to the host");
            case AgentEffect.Prepare(Assignment order) -> pieces.execute(() -> prepare(order));
            case AgentEffect.Start(Id<Task> task, String container) -> pieces.execute(() -> start(task, container));
            case AgentEffect.Stop(Id<Task> task, String container, String signal, Duration grace) ->
                pieces.execute(() -> stop(task, container, signal, grace));
            case AgentEffect.Remove(Id<Task> task, String container) -> pieces.execute(() -> remove(task, container));
            case AgentEffect.Tell _ -> throw new IllegalStateException("reports go to the leader, not to the host");
        }
    }

    private void prepare(Assignment order) {
        Id<Task> task = order.task();
        try {
            ContainerSpec spec = ContainerPlans.container(order);
            String image = images.ensure(spec.image(), order.registryAuth());
            runtime.enter();
            try {
                agent.accept(new AgentEvent.Prepared(task, create(order, image)));
            } finally {
                runtime.leave();
            }
        } catch (IOException refused) {
            undo(task);
            agent.accept(new AgentEvent.Failed(task, String.valueOf(refused.getMessage())));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private String create(Assignment order, String image) throws IOException, InterruptedException {
        byte[] random32 = new byte[ID_BYTES];
        random.nextBytes(random32);
        String id = HexFormat.of().formatHex(random32);
        String hostname = plans.hostname(order, id);
        List<MountPlan> mounted = files.write(order, ContainerPlans.container(order));
        if (order.onHost()) {
            NamesPlan names = NetworkPlans.namesOnHost(order, hostname);
            String details = TaskDetails.text(order, id, hostname, Map.of());
            create(plans.plan(order, id, image, new NetworkPlan.Host(), names, mounted, details), order);
            return id;
        }
        NetworkWork.Attached attached = network.attach(order, hostname);
        Sandbox sandbox = attached.sandbox();
        String details = TaskDetails.text(order, id, hostname, attached.networks());
        NamesPlan names = NetworkPlans.names(hostname, sandbox);
        NetworkPlan joined = new NetworkPlan.Joined(sandbox.namespace().toString());
        create(plans.plan(order, id, image, joined, names, mounted, details), order);
        return id;
    }

    private void create(ContainerPlan plan, Assignment order) throws IOException, InterruptedException {
        taskByContainer.put(plan.id(), order.task());
        Container _ = containers.create(plan);
    }

    private void start(Id<Task> task, String container) {
        try {
            runtime.enterFirst();
            try {
                boolean _ = containers.start(container);
                started(task, container);
            } finally {
                runtime.leave();
            }
        } catch (IOException refused) {
            undo(task);
            agent.accept(new AgentEvent.Failed(task, "starting container failed: " + refused.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Its process number is 0 when it has ended already.
    private void started(Id<Task> task, String container) {
        Optional<Container> started = containers.find(container);
        int pid = started.map(now -> now.state() instanceof ContainerState.Running running ? running.pid() : 0)
                .orElse(0);
        Optional<Health> health = started.flatMap(Container::health);
        agent.accept(health.isPresent() ? new AgentEvent.Warming(task, pid) : new AgentEvent.Started(task, pid));
        // It may have been found well or ill before the agent knew that it was to be asked.
        health.ifPresent(own -> found(task, own.status()));
    }

    private void found(Id<Task> task, Health.Status health) {
        switch (health) {
            case STARTING -> {}
            case HEALTHY -> agent.accept(new AgentEvent.Healthy(task));
            case UNHEALTHY -> agent.accept(new AgentEvent.Unhealthy(task));
        }
    }

    /// The agent hears of the end by the container's own event; a container that is gone has ended too.
    private void stop(Id<Task> task, String container, String signal, Duration grace) {
        try {
            if (!containers.stop(container, signal.isEmpty() ? Optional.empty() : Optional.of(signal), grace)) {
                exited(task, 0);
            }
        } catch (IOException refused) {
            if (isMissing(refused)) {
                exited(task, 0);
            } else {
                LOG.log(WARNING, "container not stopped task=" + task, refused);
                again(() -> stop(task, container, signal, grace));
            }
        }
    }

    private void exited(Id<Task> task, int code) {
        undo(task);
        agent.accept(new AgentEvent.Exited(task, code));
    }

    private void remove(Id<Task> task, String container) {
        try {
            if (!container.isEmpty()) {
                containers.remove(container, true);
                taskByContainer.remove(container);
            }
            network.detach(task.value());
            files.remove(task);
            agent.accept(new AgentEvent.Removed(task));
        } catch (IOException refused) {
            if (isMissing(refused)) {
                undo(task);
                agent.accept(new AgentEvent.Removed(task));
            } else {
                LOG.log(WARNING, "task not removed task=" + task, refused);
                again(() -> remove(task, container));
            }
        }
    }

    private static boolean isMissing(IOException refused) {
        return refused instanceof ContainersException known && known.reason() == ContainersException.Reason.MISSING;
    }

    private void again(Runnable piece) {
        try {
            Thread.sleep(REMOVE_AGAIN);
            piece.run();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Gives back what the task held of the network and of memory.
    private void undo(Id<Task> task) {
        try {
            network.detach(task.value());
            files.remove(task);
        } catch (IOException failed) {
            LOG.log(WARNING, "network of a task not taken away task=" + task, failed);
        }
    }

    /// Stops taking work; what runs on this host goes on.
    @Override
    public void close() {
        pieces.shutdownNow();
        network.close();
        LOG.log(INFO, "work ended");
    }
}
