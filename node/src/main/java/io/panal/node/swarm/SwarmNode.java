package io.panal.node.swarm;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.panal.core.agent.AgentEvent;
import io.panal.core.api.Standing;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.store.View;
import io.panal.node.consensus.Consensus;
import io.panal.node.containers.ContainerEvent;
import io.panal.node.engine.EventFeed;
import io.panal.node.engine.Swarm;
import io.panal.node.http.Refusal;
import io.panal.node.identity.Authority;
import io.panal.node.identity.CertificateFiles;
import io.panal.node.identity.Credentials;
import io.panal.node.identity.Identity;
import io.panal.node.identity.JoinToken;
import io.panal.node.identity.NodeName;
import io.panal.node.identity.Role;
import io.panal.node.link.ByteStream;
import io.panal.node.work.Surroundings;
import io.panal.node.work.TaskWork;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// This node's membership in a swarm, from none to manager and back.
public final class SwarmNode implements Swarm, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SwarmNode.class.getName());
    private static final String ALREADY =
            "This node is already part of a swarm. Use \"docker swarm leave\" to leave this swarm and join another one.";
    private static final String LATE =
            "Timeout was reached before node joined. The attempt to join the swarm will continue in the background. Use the \"docker info\" command to see the current swarm status of your node.";
    private static final Duration JOIN_PATIENCE = Duration.ofSeconds(20);
    private static final Duration LEAVE_PATIENCE = Duration.ofSeconds(5);
    private static final Duration READ_PATIENCE = Duration.ofSeconds(10);
    private static final Duration WRITE_PATIENCE = Duration.ofSeconds(20);
    private static final Duration RESTORE_PATIENCE = Duration.ofSeconds(20);

    private final Host host;
    private final SeatFile seatFile;
    private final CertificateFiles certificates;
    private final ReentrantLock lock = new ReentrantLock();
    private final CountDownLatch restored = new CountDownLatch(1);
    private volatile @Nullable InSwarm inside;
    private volatile @Nullable Attempt joining;
    private volatile Optional<SeatFile.Seat> pending = Optional.empty();

    /// What a node has before it is in a swarm.
    ///
    /// @param data the daemon's own
    /// @param work makes what does the agent's work, for the consumer of its outcomes
    /// @param streams answers what managers ask of this node's containers
    /// @param forget takes everything of the swarm's off this host, after leaving it
    /// @param broken ends the process
    public record Host(
            Path data,
            Path run,
            String engineVersion,
            Map<String, String> labels,
            BiFunction<Surroundings, Consumer<AgentEvent>, TaskWork> work,
            AgentSeat.Streams streams,
            EventFeed events,
            Runnable forget,
            Consumer<String> broken) {}

    public SwarmNode(Host host) {
        this.host = host;
        Path swarm = host.data().resolve("swarm");
        seatFile = new SeatFile(swarm.resolve("seat"));
        certificates = new CertificateFiles(swarm.resolve("certificates"));
    }

    /// Goes on with the membership of before a restart, if there was one.
    ///
    /// Until it has ended, requests that need the swarm wait for it: the socket answers before.
    public void restore() throws IOException {
        try {
            goOn();
        } finally {
            restored.countDown();
        }
    }

    private void goOn() throws IOException {
        Optional<SeatFile.Seat> seat = seatFile.load();
        Optional<Credentials> credentials = certificates.load();
        if (seat.isEmpty() || credentials.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            InSwarm entered = opened(seat.get(), new Identity(credentials.get()));
            if (seat.get().manager()) {
                ManagerSeat _ = entered.manage(new ManagerSeat.Beginning.Restart());
                entered.announce();
            }
            entered.work();
        } finally {
            lock.unlock();
        }
    }

    private InSwarm opened(SeatFile.Seat seat, Identity identity) throws IOException {
        InSwarm entered = new InSwarm(host, seatFile, certificates, seat, identity);
        inside = entered;
        return entered;
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

    @Override
    public Standing standing() {
        awaitRestored();
        InSwarm now = inside;
        if (now == null) {
            return new Standing.Outside();
        }
        return now.manager()
                .<Standing>map(manager -> new Standing.Manager(now.nodeId(), manager.leader(), manager.reachable()))
                .orElseGet(Standing.Worker::new);
    }

    /// @return empty on a worker and outside
    public Optional<ManagerSeat> manager() {
        return Optional.ofNullable(inside).flatMap(InSwarm::manager);
    }

    public Optional<Id<Node>> nodeId() {
        return Optional.ofNullable(inside).map(InSwarm::nodeId);
    }

    /// Something happened to a container of this host.
    public void noticed(ContainerEvent event) {
        InSwarm now = inside;
        if (now != null) {
            now.agent().work().noticed(event);
        }
    }

    @Override
    public Membership membership() {
        if (restored.getCount() > 0) {
            return remembered();
        }
        InSwarm now = inside;
        if (now != null) {
            boolean headless =
                    now.manager().filter(manager -> manager.leader().isEmpty()).isPresent();
            return new Membership(
                    now.nodeId().value(),
                    Addresses.hostOf(now.seat().advertiseAddress()),
                    "active",
                    now.manager().isPresent(),
                    headless ? ManagerSeat.NO_LEADER : "",
                    peers(now));
        }
        return pending.map(seat -> new Membership(
                        "", Addresses.hostOf(seat.advertiseAddress()), "pending", false, "", unknown(seat.managers())))
                .orElseGet(Membership::none);
    }

    /// What this node was before a restart, and is about to be again.
    private Membership remembered() {
        try {
            return seatFile.load()
                    .map(seat -> new Membership(
                            seat.nodeId(),
                            Addresses.hostOf(seat.advertiseAddress()),
                            "active",
                            seat.manager(),
                            "",
                            unknown(seat.managers())))
                    .orElseGet(Membership::none);
        } catch (IOException unreadable) {
            LOG.log(WARNING, "membership not read reason=" + unreadable.getMessage());
            return Membership.none();
        }
    }

    private static List<Peer> peers(InSwarm now) {
        return now.manager()
                .map(manager -> manager.view().nodes().all().stream()
                        .flatMap(node -> node.managerAddress().stream()
                                .map(address -> new Peer(node.id().value(), address)))
                        .toList())
                .filter(known -> !known.isEmpty())
                .orElseGet(() -> unknown(now.managers()));
    }

    private static List<Peer> unknown(List<String> addresses) {
        return addresses.stream().map(address -> new Peer("", address)).toList();
    }

    @Override
    public View view() throws IOException {
        ManagerSeat manager = requireManager();
        try {
            if (!manager.catchUp(READ_PATIENCE)) {
                throw new Refusal(500, ManagerSeat.NO_LEADER);
            }
            return manager.view();
        } catch (InterruptedException _) {
            throw interrupted();
        }
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
        throw new Refusal(409, "swarm is not locked");
    }

    @Override
    public String init(Init order) throws IOException {
        awaitRestored();
        lock.lock();
        try {
            refuseSecond();
            Addresses.HostPort listen = Addresses.listen(order.listen());
            Addresses.HostPort advertise = Addresses.advertise(order.advertise(), listen, "");
            String dataPath = Addresses.dataPath(order.dataPath().address(), advertise);
            if (order.forceNewCluster()) {
                throw new Refusal(501, "--force-new-cluster is not supported yet: leave with --force and init again");
            }
            SeatFile.Seat seat = new SeatFile.Seat(
                    Ids.fresh(),
                    Ids.fresh(),
                    true,
                    listen.toString(),
                    advertise.toString(),
                    dataPath,
                    List.of(advertise.toString()));
            begin(order, seat);
            LOG.log(INFO, () -> "swarm made cluster=%s node=%s".formatted(seat.clusterId(), seat.nodeId()));
            return seat.nodeId();
        } catch (InterruptedException _) {
            throw interrupted();
        } finally {
            lock.unlock();
        }
    }

    private void begin(Init order, SeatFile.Seat seat) throws IOException, InterruptedException {
        Authority authority = Authority.create(Instant.now());
        Identity identity = new Identity(Entering.first(authority, seat));
        boolean made = false;
        try {
            InSwarm begun = opened(seat, identity);
            ManagerSeat manager = begun.manage(new ManagerSeat.Beginning.Bootstrap());
            if (!manager.awaitLead(JOIN_PATIENCE)) {
                throw new Refusal(500, "the new swarm's first manager does not lead; see the daemon's log");
            }
            Answer answer = manager.submit(
                    new Command.CreateCluster(
                            Entering.cluster(order, seat, authority), Entering.self(seat, order.availability())),
                    JOIN_PATIENCE);
            if (!(answer instanceof Answer.Done)) {
                throw new Refusal(500, "the swarm could not be made: " + answer);
            }
            certificates.save(identity.credentials());
            seatFile.save(seat);
            begun.work();
            made = true;
        } finally {
            if (!made) {
                abandon();
            }
        }
    }

    private void refuseSecond() throws Refusal {
        if (inside != null || pending.isPresent()) {
            throw new Refusal(503, ALREADY);
        }
    }

    @Override
    public void join(Join order) throws IOException {
        SeatFile.Seat seat;
        awaitRestored();
        lock.lock();
        try {
            refuseSecond();
            seat = asked(order);
            pending = Optional.of(seat);
        } finally {
            lock.unlock();
        }
        Attempt attempt = new Attempt(seat, order);
        joining = attempt;
        attempt.await(JOIN_PATIENCE);
    }

    private static SeatFile.Seat asked(Join order) throws IOException {
        if (!order.token().isEmpty() && JoinToken.parse(order.token()).isEmpty()) {
            throw new Refusal(500, "invalid join token");
        }
        Addresses.HostPort listen = Addresses.listen(order.listen());
        String first = order.remotes().isEmpty()
                ? ""
                : Addresses.hostOf(order.remotes().getFirst());
        Addresses.HostPort advertise = Addresses.advertise(order.advertise(), listen, first);
        return new SeatFile.Seat(
                "",
                "",
                false,
                listen.toString(),
                advertise.toString(),
                Addresses.dataPath(order.dataPathAddress(), advertise),
                Addresses.managers(order.remotes()));
    }

    /// An attempt to join, which goes on in the background when it takes long.
    private final class Attempt {
        private final CountDownLatch decided = new CountDownLatch(1);
        private final Thread thread;
        private volatile Optional<Refusal> refusal = Optional.empty();

        Attempt(SeatFile.Seat seat, Join order) {
            thread = Thread.ofVirtual().name("joining").start(() -> run(seat, order));
        }

        void await(Duration patience) throws IOException {
            try {
                if (!decided.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                    throw new Refusal(503, LATE);
                }
            } catch (InterruptedException _) {
                throw interrupted();
            }
            if (refusal.isPresent()) {
                throw refusal.get();
            }
        }

        void stop() {
            thread.interrupt();
        }

        private void run(SeatFile.Seat seat, Join order) {
            try {
                enter(seat, order);
            } catch (Refusal refused) {
                refusal = Optional.of(refused);
            } catch (IOException failed) {
                LOG.log(WARNING, "joining failed", failed);
                refusal = Optional.of(new Refusal(500, String.valueOf(failed.getMessage())));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                pending = Optional.empty();
                decided.countDown();
            }
        }
    }

    private void enter(SeatFile.Seat seat, Join order) throws IOException, InterruptedException {
        Credentials credentials = Entering.enrolled(order);
        NodeName name = credentials.name();
        SeatFile.Seat own = seat.named(name.clusterId(), name.nodeId(), name.role() == Role.MANAGER);
        lock.lock();
        boolean entered = false;
        try {
            InSwarm begun = opened(own, new Identity(credentials));
            if (own.manager()) {
                begun.becomeMember(Addresses.split(order.remotes().getFirst(), Addresses.MANAGER_PORT)
                        .toString());
            }
            certificates.save(credentials);
            seatFile.save(own);
            begun.work();
            entered = true;
            LOG.log(
                    INFO,
                    () -> "swarm joined cluster=%s node=%s role=%s"
                            .formatted(name.clusterId(), name.nodeId(), name.role()));
        } finally {
            if (!entered) {
                abandon();
            }
            lock.unlock();
        }
    }

    /// A stream to a node of the swarm, from this manager.
    ByteStream open(Id<Node> node, String kind, byte[] request) throws IOException, InterruptedException {
        ManagerSeat manager = requireManager();
        InSwarm now = inside;
        if (now == null) {
            throw new IOException("this node has left the swarm");
        }
        return now.open(manager, node, kind, request);
    }

    @Override
    public void leave(boolean force) throws IOException {
        awaitRestored();
        Attempt attempt = joining;
        InSwarm now = inside;
        if (now == null) {
            if (pending.isEmpty()) {
                throw new Refusal(503, "This node is not part of a swarm");
            }
            if (attempt != null) {
                attempt.stop();
            }
            return;
        }
        if (now.manager().isPresent() && !force) {
            throw new Refusal(503, managerLeaves(now.manager().get()));
        }
        lock.lock();
        try {
            if (!now.agent().takeLeave(LEAVE_PATIENCE)) {
                LOG.log(WARNING, "left without the leader's word; the swarm will see this node as down");
            }
            abandon();
            host.forget().run();
            LOG.log(INFO, () -> "swarm left cluster=" + now.seat().clusterId());
        } catch (InterruptedException _) {
            throw interrupted();
        } finally {
            lock.unlock();
        }
    }

    private static String managerLeaves(ManagerSeat manager) {
        long managers =
                manager.view().nodes().all().stream().filter(Node::isManager).count();
        return "You are attempting to leave the swarm on a node that is participating as a manager. "
                + (managers <= 1
                        ? "Removing the last manager erases all current state of the swarm. Use `--force` to ignore this message. "
                        : "The only way to restore a swarm that has lost consensus is to reinitialize it with `--force-new-cluster`. Use `--force` to suppress this message.");
    }

    private void abandon() throws IOException {
        InSwarm now = inside;
        inside = null;
        if (now != null) {
            now.close();
        }
        Consensus.erase(InSwarm.raftOf(host));
        certificates.remove();
        seatFile.remove();
    }

    @Override
    public void close() {
        InSwarm now = inside;
        inside = null;
        if (now != null) {
            now.close();
        }
    }
}
