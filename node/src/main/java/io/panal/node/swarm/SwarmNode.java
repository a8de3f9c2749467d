package io.panal.node.swarm;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.panal.core.agent.AgentEvent;
import io.panal.core.api.KeyMaker;
import io.panal.core.api.Standing;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Answers;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.store.View;
import io.panal.node.containers.ContainerEvent;
import io.panal.node.engine.EventFeed;
import io.panal.node.engine.Swarm;
import io.panal.node.http.Refusal;
import io.panal.node.identity.SealingKey;
import io.panal.node.link.ByteStream;
import io.panal.node.networks.Guests;
import io.panal.node.work.Surroundings;
import io.panal.node.work.TaskWork;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/// This node's membership in a swarm, from none to manager and back.
public final class SwarmNode implements Swarm, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SwarmNode.class.getName());
    private static final String LOCKED_LEAVES =
            "Swarm is encrypted and locked. Please unlock it first or use `--force` to ignore this message.";
    private static final Duration PART_PATIENCE = Duration.ofSeconds(2);
    private static final Duration LEAVE_PATIENCE = Duration.ofSeconds(5);
    private static final Duration READ_PATIENCE = Duration.ofSeconds(10);
    private static final Duration WRITE_PATIENCE = Duration.ofSeconds(20);
    private static final Duration RESTORE_PATIENCE = Duration.ofSeconds(20);

    private final SwarmKeys keys = new SwarmKeys();
    private final Place place;
    private final Founding founding;
    private final Arriving arriving;
    private final CountDownLatch restored = new CountDownLatch(1);

    /// What a node has before it is in a swarm.
    ///
    /// @param data the daemon's own
    /// @param work makes what does the agent's work, for the consumer of its outcomes
    /// @param streams answers what managers ask of this node's containers
    /// @param guests this host's containers on networks of the swarm
    /// @param forget takes everything of the swarm's off this host, after leaving it
    /// @param broken ends the process
    public record Host(
            Path data,
            Path run,
            String engineVersion,
            Map<String, String> labels,
            BiFunction<Surroundings, Consumer<AgentEvent>, TaskWork> work,
            AgentSeat.Streams streams,
            Guests guests,
            EventFeed events,
            Runnable forget,
            Consumer<String> broken) {}

    public SwarmNode(Host host) {
        place = new Place(host);
        founding = new Founding(place);
        arriving = new Arriving(place);
    }

    /// Goes on with the membership of before a restart, if there was one.
    ///
    /// Until it has ended, requests that need the swarm wait for it: the socket answers before.
    public void restore() throws IOException {
        try {
            boolean _ = changing(() -> {
                place.restore();
                return true;
            });
        } finally {
            restored.countDown();
            place.host().guests().settled();
        }
    }

    private void awaitRestored() {
        try {
            if (!restored.await(RESTORE_PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.log(WARNING, "answered before the swarm was restored");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private <T> T changing(Place.Change<T> change) throws IOException {
        try {
            return place.changing(change);
        } catch (InterruptedException _) {
            throw interrupted();
        }
    }

    @Override
    public KeyMaker keys() {
        return keys;
    }

    @Override
    public Standing standing() {
        awaitRestored();
        return place.inside()
                .map(SwarmNode::standing)
                .or(() -> place.locked().map(_ -> new Standing.Locked()))
                .orElseGet(Standing.Outside::new);
    }

    private static Standing standing(InSwarm now) {
        return now.manager()
                .<Standing>map(manager -> new Standing.Manager(now.nodeId(), manager.leader(), manager.reachable()))
                .orElseGet(Standing.Worker::new);
    }

    /// @return empty on a worker and outside
    public Optional<ManagerSeat> manager() {
        return place.inside().flatMap(InSwarm::manager);
    }

    public Optional<Id<Node>> nodeId() {
        return place.inside().map(InSwarm::nodeId);
    }

    /// Something happened to a container of this host.
    public void noticed(ContainerEvent event) {
        place.inside().ifPresent(now -> now.agent().work().noticed(event));
    }

    @Override
    public Membership membership() {
        return restored.getCount() > 0 ? Memberships.remembered(place) : Memberships.of(place);
    }

    @Override
    public View view() throws IOException {
        ManagerSeat manager = requireManager();
        try {
            if (!manager.catchUp(READ_PATIENCE)) {
                throw new Refusal(500, manager.halted().orElse(Answers.NO_LEADER.why()));
            }
            return manager.view();
        } catch (InterruptedException _) {
            throw interrupted();
        }
    }

    @Override
    public Optional<View> copy() {
        return manager().map(ManagerSeat::view);
    }

    @Override
    public Answer submit(Command command) throws IOException {
        try {
            return requireManager().submit(command, WRITE_PATIENCE);
        } catch (InterruptedException _) {
            throw interrupted();
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("context canceled");
    }

    private ManagerSeat requireManager() throws Refusal {
        awaitRestored();
        return manager().orElseThrow(() -> new Refusal(503, standing().refusal().orElse("This node is no manager.")));
    }

    @Override
    public void unlock(String key) throws IOException {
        awaitRestored();
        if (place.locked().isEmpty()) {
            throw standing()
                    .refusal()
                    .map(why -> new Refusal(503, why))
                    .orElseGet(() -> new Refusal(409, "swarm is not locked"));
        }
        SealingKey given = SealingKey.ofUnlockKey(key).orElseThrow(() -> new Refusal(400, "invalid key string"));
        if (!changing(() -> place.unlock(given))) {
            throw new Refusal(401, "swarm could not be unlocked: invalid key provided");
        }
        LOG.log(INFO, "swarm unlocked");
    }

    /// This node's host goes down and its containers with it: the swarm need not wait until it is missed.
    public void part() {
        place.inside().filter(now -> !isAlone(now)).ifPresent(now -> {
            try {
                if (!now.agent().part(PART_PATIENCE)) {
                    LOG.log(WARNING, "the swarm was not told that this host goes down; it will miss it");
                }
                now.manager().ifPresent(ManagerSeat::handOver);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /// Nobody is left to act on it: the tasks would be replaced at this node's own return.
    private static boolean isAlone(InSwarm now) {
        return now.manager()
                .filter(manager -> manager.halted().isEmpty()
                        && manager.consensus().members().size() <= 1)
                .isPresent();
    }

    @Override
    public String init(Init order) throws IOException {
        awaitRestored();
        try {
            return founding.found(order);
        } catch (InterruptedException _) {
            throw interrupted();
        }
    }

    @Override
    public void join(Join order) throws IOException {
        awaitRestored();
        try {
            arriving.join(order);
        } catch (InterruptedException _) {
            throw interrupted();
        }
    }

    /// A stream to a node of the swarm, from this manager.
    ByteStream open(Id<Node> node, String kind, byte[] request) throws IOException, InterruptedException {
        ManagerSeat manager = requireManager();
        InSwarm now = place.inside().orElseThrow(() -> new IOException("this node has left the swarm"));
        return now.open(manager, node, kind, request);
    }

    @Override
    public void leave(boolean force) throws IOException {
        awaitRestored();
        Optional<InSwarm> now = place.inside();
        if (place.locked().isPresent()) {
            leaveLocked(force);
            return;
        }
        if (now.isEmpty()) {
            if (place.pending().isEmpty()) {
                throw new Refusal(503, "This node is not part of a swarm");
            }
            arriving.stop();
            return;
        }
        if (now.get().manager().isPresent() && !force) {
            throw new Refusal(503, managerLeaves(now.get().manager().get()));
        }
        changing(() -> left(now.get()));
    }

    private void leaveLocked(boolean force) throws IOException {
        if (!force) {
            throw new Refusal(503, LOCKED_LEAVES);
        }
        changing(() -> {
            place.abandon();
            place.host().forget().run();
            LOG.log(INFO, "locked swarm left");
            return true;
        });
    }

    private boolean left(InSwarm now) throws IOException, InterruptedException {
        boolean told = now.agent().takeLeave(LEAVE_PATIENCE);
        if (!told) {
            LOG.log(WARNING, "left without the leader's word; the swarm will see this node as down");
        }
        place.abandon();
        place.host().forget().run();
        LOG.log(INFO, () -> "swarm left cluster=" + now.seat().clusterId());
        return told;
    }

    private static String managerLeaves(ManagerSeat manager) {
        long managers =
                manager.view().nodes().all().stream().filter(Node::isManager).count();
        return "You are attempting to leave the swarm on a node that is participating as a manager. "
                + (managers <= 1
                        ? "Removing the last manager erases all current state of the swarm. Use `--force` to ignore this message. "
                        : "The only way to restore a swarm that has lost consensus is to reinitialize it with `--force-new-cluster`. Use `--force` to suppress this message.");
    }

    @Override
    public void close() {
        place.close();
    }
}
