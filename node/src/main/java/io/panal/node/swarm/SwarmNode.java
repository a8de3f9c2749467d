package io.panal.node.swarm;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.panal.core.agent.AgentEvent;
import io.panal.core.agent.Assignments;
import io.panal.core.agent.Upward;
import io.panal.core.api.ClusterEvents;
import io.panal.core.api.Standing;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Cluster;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.store.View;
import io.panal.node.consensus.Consensus;
import io.panal.node.consensus.ConsensusSettings;
import io.panal.node.dataplane.Dataplane;
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
import io.panal.node.identity.SigningRequest;
import io.panal.node.link.ByteStream;
import io.panal.node.link.Joining;
import io.panal.node.link.ManagerLinks;
import io.panal.node.link.NodeSession;
import io.panal.node.work.Surroundings;
import io.panal.node.work.TaskWork;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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
    private static final Duration ENROL_PATIENCE = Duration.ofSeconds(5);
    private static final Duration MEMBER_PATIENCE = Duration.ofSeconds(90);
    private static final String WRONG_TOKEN =
            "rpc error: code = InvalidArgument desc = A valid join token is necessary to join this cluster";
    private static final Duration READ_PATIENCE = Duration.ofSeconds(10);
    private static final Duration WRITE_PATIENCE = Duration.ofSeconds(20);
    private static final int VXLAN_PORT = 4789;

    private final Host host;
    private final SeatFile seatFile;
    private final CertificateFiles certificates;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Inside inside;
    private volatile @Nullable Attempt joining;
    private volatile Optional<SeatFile.Seat> pending = Optional.empty();
    private volatile String error = "";

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
            Dataplane dataplane,
            BiFunction<Surroundings, Consumer<AgentEvent>, TaskWork> work,
            AgentSeat.Streams streams,
            EventFeed events,
            Runnable forget,
            Consumer<String> broken) {}

    /// All that runs while this node is in a swarm.
    private record Inside(
            SeatFile.Seat seat,
            Identity identity,
            ManagerLinks links,
            Optional<ManagerSeat> manager,
            AgentSeat agent,
            AtomicReference<List<String>> managers) {
        void close() {
            agent.close();
            manager.ifPresent(ManagerSeat::close);
            links.close();
        }
    }

    public SwarmNode(Host host) {
        this.host = host;
        Path swarm = host.data().resolve("swarm");
        seatFile = new SeatFile(swarm.resolve("seat"));
        certificates = new CertificateFiles(swarm.resolve("certificates"));
    }

    /// Goes on with the membership of before a restart, if there was one.
    public void restore() throws IOException {
        Optional<SeatFile.Seat> seat = seatFile.load();
        Optional<Credentials> credentials = certificates.load();
        if (seat.isEmpty() || credentials.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            Identity identity = new Identity(credentials.get());
            Inside entered = enter(
                    seat.get(),
                    identity,
                    seat.get().manager() ? Optional.of(new ManagerSeat.Beginning.Restart()) : Optional.empty());
            // The others hear at once that this manager is back, and where, instead of finding out by dialling.
            entered.manager().ifPresent(manager -> entered.links().announce(manager.consensus()));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Standing standing() {
        Inside now = inside;
        if (now == null) {
            return new Standing.Outside();
        }
        Id<Node> self = new Id<>(now.seat().nodeId());
        return now.manager()
                .<Standing>map(manager -> new Standing.Manager(self, manager.leader(), manager.reachable()))
                .orElseGet(Standing.Worker::new);
    }

    /// @return empty on a worker and outside
    public Optional<ManagerSeat> manager() {
        Inside now = inside;
        return now == null ? Optional.empty() : now.manager();
    }

    public Optional<Id<Node>> nodeId() {
        Inside now = inside;
        return now == null ? Optional.empty() : Optional.of(new Id<>(now.seat().nodeId()));
    }

    /// Something happened to a container of this host.
    public void noticed(io.panal.node.containers.ContainerEvent event) {
        Inside now = inside;
        if (now != null) {
            now.agent().work().noticed(event);
        }
    }

    @Override
    public Membership membership() {
        Inside now = inside;
        Optional<SeatFile.Seat> joining = pending;
        if (now != null) {
            return new Membership(
                    now.seat().nodeId(),
                    hostOf(now.seat().advertiseAddress()),
                    "active",
                    now.manager().isPresent(),
                    now.manager().filter(manager -> manager.leader().isEmpty()).isPresent()
                            ? ManagerSeat.NO_LEADER
                            : "",
                    peers(now));
        }
        if (joining.isPresent()) {
            return new Membership(
                    "",
                    hostOf(joining.get().advertiseAddress()),
                    "pending",
                    false,
                    error,
                    joining.get().managers().stream()
                            .map(address -> new Peer("", address))
                            .toList());
        }
        return error.isEmpty() ? Membership.none() : new Membership("", "", "error", false, error, List.of());
    }

    private static List<Peer> peers(Inside now) {
        return now.manager()
                .map(manager -> manager.view().nodes().all().stream()
                        .flatMap(node -> node.managerAddress().stream()
                                .map(address -> new Peer(node.id().value(), address)))
                        .toList())
                .filter(known -> !known.isEmpty())
                .orElseGet(() -> now.managers().get().stream()
                        .map(address -> new Peer("", address))
                        .toList());
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
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("context canceled");
        }
    }

    @Override
    public Answer submit(Command command) throws IOException {
        try {
            return requireManager().submit(command, WRITE_PATIENCE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("context canceled");
        }
    }

    private ManagerSeat requireManager() throws Refusal {
        return manager().orElseThrow(() -> new Refusal(503, standing().refusal().orElse("This node is no manager.")));
    }

    @Override
    public void unlock(String key) throws IOException {
        throw new Refusal(409, "swarm is not locked");
    }

    @Override
    public String init(Init order) throws IOException {
        Addresses.HostPort listen = Addresses.listen(order.listen());
        Addresses.HostPort advertise = Addresses.advertise(order.advertise(), listen, "");
        String dataPath = Addresses.dataPath(order.dataPath().address(), advertise);
        lock.lock();
        try {
            refuseSecond();
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
            Authority authority = Authority.create(Instant.now());
            begin(order, seat, authority, new Identity(issue(authority, seat)));
            LOG.log(INFO, () -> "swarm made cluster=%s node=%s".formatted(seat.clusterId(), seat.nodeId()));
            return seat.nodeId();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("context canceled");
        } finally {
            lock.unlock();
        }
    }

    private void begin(Init order, SeatFile.Seat seat, Authority authority, Identity identity)
            throws IOException, InterruptedException {
        boolean made = false;
        try {
            Inside begun = enter(seat, identity, Optional.of(new ManagerSeat.Beginning.Bootstrap()));
            ManagerSeat manager = begun.manager().orElseThrow();
            if (!manager.awaitLead(JOIN_PATIENCE)) {
                throw new Refusal(500, "the new swarm's first manager does not lead; see the daemon's log");
            }
            Answer answer = manager.submit(
                    new Command.CreateCluster(cluster(order, seat, authority), self(seat, order.availability())),
                    JOIN_PATIENCE);
            if (!(answer instanceof Answer.Done)) {
                throw new Refusal(500, "the swarm could not be made: " + answer);
            }
            certificates.save(identity.credentials());
            seatFile.save(seat);
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

    private static Credentials issue(Authority authority, SeatFile.Seat seat) throws IOException {
        KeyPair key = SigningRequest.newKey();
        NodeName name = new NodeName(seat.nodeId(), Role.MANAGER, seat.clusterId());
        return new Credentials(
                key.getPrivate(),
                List.of(authority.issue(
                        new SigningRequest(key.getPublic()), name, Instant.now(), Authority.NODE_VALIDITY)),
                List.of(authority.certificate()));
    }

    private static Cluster cluster(Init request, SeatFile.Seat seat, Authority authority) {
        SecureRandom random = new SecureRandom();
        Cluster.JoinTokens tokens = new Cluster.JoinTokens(
                JoinToken.create(authority.certificate(), random).toString(),
                JoinToken.create(authority.certificate(), random).toString());
        Cluster.Authority shown = new Cluster.Authority(
                authority.certificateText(), authority.keyText(), tokens, TlsFacts.of(authority.certificate()));
        return new Cluster(
                new Id<>(seat.clusterId()),
                io.panal.core.model.Meta.UNSTAMPED,
                request.spec().orElse(Cluster.ClusterSpec.DEFAULT),
                shown,
                new Cluster.Addressing(
                        request.addressPools(),
                        request.subnetSize(),
                        request.dataPath().port() == 0
                                ? VXLAN_PORT
                                : request.dataPath().port()));
    }

    private static Node self(SeatFile.Seat seat, String availability) {
        Node admitted = Node.admitted(new Id<>(seat.nodeId()), Node.Role.MANAGER, hostOf(seat.advertiseAddress()))
                .managingAt(seat.advertiseAddress());
        Node.NodeSpec spec = admitted.spec();
        return admitted.respecified(
                new Node.NodeSpec(spec.name(), spec.labels(), spec.role(), Node.Availability.of(availability)));
    }

    /// Of an address that [Addresses] made.
    private static String hostOf(String hostPort) {
        int colon = hostPort.lastIndexOf(':');
        boolean hasPort = colon >= 0 && (hostPort.startsWith("[") || hostPort.indexOf(':') == colon);
        String host = !hasPort ? hostPort : hostPort.substring(0, colon);
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /// Opens everything a member has; the caller holds the lock.
    private Inside enter(SeatFile.Seat seat, Identity identity, Optional<ManagerSeat.Beginning> managing)
            throws IOException {
        ManagerLinks links = new ManagerLinks(identity);
        Optional<ManagerSeat> manager = Optional.empty();
        if (managing.isPresent()) {
            manager = Optional.of(new ManagerSeat(settings(seat), identity, managing.get(), links, endings()));
            Runnable _ = manager.get()
                    .state()
                    .watch((before, batch, _) -> ClusterEvents.of(before, batch).forEach(host.events()::publish));
        }
        AtomicReference<List<String>> managers = new AtomicReference<>(seat.managers());
        AgentSeat agent = new AgentSeat(parts(seat, identity), identity, managers::get);
        Inside entered = new Inside(seat, identity, links, manager, agent, managers);
        inside = entered;
        AgentSeat _ = agent.start();
        return entered;
    }

    private AgentSeat.Parts parts(SeatFile.Seat seat, Identity identity) throws IOException {
        Node.Description description = HostFacts.describe(
                host.engineVersion(),
                host.labels(),
                TlsFacts.of(identity.credentials().roots().getFirst()));
        Surroundings here = new Surroundings(new Id<>(seat.nodeId()), description, host.data(), host.run());
        Upward.Hello hello =
                new Upward.Hello(description, seat.dataPathAddress(), seat.manager() ? seat.advertiseAddress() : "");
        return new AgentSeat.Parts(
                hello, outcomes -> host.work().apply(here, outcomes), this::ordered, host.streams(), host.broken());
    }

    private ManagerSeat.Endings endings() {
        return new ManagerSeat.Endings(
                () -> LOG.log(INFO, "the other managers have taken this one out of the log"), host.broken());
    }

    private ConsensusSettings settings(SeatFile.Seat seat) throws IOException {
        return new ConsensusSettings(
                seat.nodeId(),
                seat.clusterId(),
                Addresses.split(seat.listenAddress(), Addresses.MANAGER_PORT).socket(),
                seat.advertiseAddress(),
                host.data().resolve("swarm").resolve("raft"),
                ConsensusSettings.SNAPSHOT_ENTRIES);
    }

    private void ordered(Assignments orders) {
        Inside now = inside;
        if (now != null
                && !orders.managers().equals(now.managers().get())
                && !orders.managers().isEmpty()) {
            now.managers().set(orders.managers());
            remember(now.seat().knowing(orders.managers()));
        }
    }

    private void remember(SeatFile.Seat seat) {
        try {
            seatFile.save(seat);
        } catch (IOException failed) {
            LOG.log(WARNING, "managers' addresses not kept", failed);
        }
    }

    @Override
    public void join(Join order) throws IOException {
        if (!order.token().isEmpty() && JoinToken.parse(order.token()).isEmpty()) {
            throw new Refusal(500, "invalid join token");
        }
        Addresses.HostPort listen = Addresses.listen(order.listen());
        String first = order.remotes().isEmpty() ? "" : hostOf(order.remotes().getFirst());
        Addresses.HostPort advertise = Addresses.advertise(order.advertise(), listen, first);
        SeatFile.Seat seat = new SeatFile.Seat(
                "",
                "",
                false,
                listen.toString(),
                advertise.toString(),
                Addresses.dataPath(order.dataPathAddress(), advertise),
                order.remotes());
        lock.lock();
        try {
            refuseSecond();
            pending = Optional.of(seat);
            error = "";
        } finally {
            lock.unlock();
        }
        Attempt attempt = new Attempt(seat, order);
        joining = attempt;
        attempt.await(JOIN_PATIENCE);
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
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("context canceled");
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
                admitted(seat, order);
            } catch (Refusal refused) {
                refusal = Optional.of(refused);
                forgetPending();
            } catch (IOException failed) {
                LOG.log(WARNING, "joining failed", failed);
                refusal = Optional.of(new Refusal(500, String.valueOf(failed.getMessage())));
                forgetPending();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                decided.countDown();
            }
        }
    }

    private void forgetPending() {
        pending = Optional.empty();
    }

    private void admitted(SeatFile.Seat seat, Join order) throws IOException, InterruptedException {
        Credentials credentials = enrolled(order);
        NodeName name = credentials.name();
        SeatFile.Seat own = seat.named(name.clusterId(), name.nodeId(), name.role() == Role.MANAGER);
        lock.lock();
        boolean entered = false;
        try {
            Identity identity = new Identity(credentials);
            Inside begun =
                    enter(own, identity, own.manager() ? Optional.of(introduced(identity, order)) : Optional.empty());
            if (begun.manager().isPresent()) {
                becomeMember(begun, order);
            }
            certificates.save(credentials);
            seatFile.save(own);
            pending = Optional.empty();
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

    /// Asks the managers in turn until one has decided; nobody's answer is asked for again.
    private static Credentials enrolled(Join order) throws IOException, InterruptedException {
        Optional<JoinToken> token = JoinToken.parse(order.token());
        if (token.isEmpty()) {
            throw new Refusal(400, WRONG_TOKEN);
        }
        if (order.remotes().isEmpty()) {
            throw new Refusal(400, "at least 1 RemoteAddr is required to join");
        }
        while (true) {
            for (String remote : order.remotes()) {
                String address = Addresses.split(remote, Addresses.MANAGER_PORT).toString();
                switch (Joining.join(address, token.get(), ENROL_PATIENCE)) {
                    case Joining.Joined.Admitted(Credentials credentials) -> {
                        return credentials;
                    }
                    case Joining.Joined.Refused(String why) -> throw refused(why);
                    case Joining.Joined.Unanswered(String why) -> {
                        LOG.log(INFO, () -> "not admitted yet manager=%s reason=%s".formatted(address, why));
                        if (why.contains("refused")) {
                            throw new Refusal(
                                    503,
                                    "rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing dial tcp %s: connect: connection refused\""
                                            .formatted(address));
                        }
                    }
                }
            }
        }
    }

    private static Refusal refused(String why) {
        return why.startsWith("remote CA")
                ? new Refusal(500, why)
                : new Refusal(400, "rpc error: code = InvalidArgument desc = " + why);
    }

    private static ManagerSeat.Beginning introduced(Identity identity, Join order)
            throws IOException, InterruptedException {
        try (ManagerLinks links = new ManagerLinks(identity)) {
            return new ManagerSeat.Beginning.Join(links.introduce(firstOf(order), JOIN_PATIENCE));
        }
    }

    private static void becomeMember(Inside begun, Join order) throws IOException, InterruptedException {
        Consensus member = begun.manager().orElseThrow().consensus();
        begun.links().join(firstOf(order), member.self(), MEMBER_PATIENCE);
        begun.links().announce(member);
    }

    private static String firstOf(Join order) throws Refusal {
        return Addresses.split(order.remotes().getFirst(), Addresses.MANAGER_PORT)
                .toString();
    }

    /// A stream to a node, over the session that it has with the leader.
    ByteStream open(Id<Node> node, String kind, byte[] request) throws IOException, InterruptedException {
        Optional<NodeSession> session = requireManager().sessionOf(node);
        if (session.isEmpty()) {
            throw new IOException("node %s is not connected to this manager".formatted(node));
        }
        return session.get().open(kind, request);
    }

    @Override
    public void leave(boolean force) throws IOException {
        Attempt attempt = joining;
        Inside now = inside;
        if (now == null) {
            if (pending.isEmpty()) {
                throw new Refusal(503, "This node is not part of a swarm");
            }
            if (attempt != null) {
                attempt.stop();
            }
            forgetPending();
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
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("context canceled");
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
        Inside now = inside;
        inside = null;
        if (now != null) {
            now.close();
        }
        Consensus.erase(host.data().resolve("swarm").resolve("raft"));
        certificates.remove();
        seatFile.remove();
    }

    @Override
    public void close() {
        Inside now = inside;
        inside = null;
        if (now != null) {
            now.close();
        }
    }
}
