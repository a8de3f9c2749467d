package io.panal.node.swarm;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.panal.core.agent.Assignments;
import io.panal.core.agent.Upward;
import io.panal.core.api.ClusterEvents;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.node.consensus.Consensus;
import io.panal.node.consensus.ConsensusSettings;
import io.panal.node.consensus.DiskRoom;
import io.panal.node.consensus.Retention;
import io.panal.node.identity.CertificateFiles;
import io.panal.node.identity.Identity;
import io.panal.node.identity.Role;
import io.panal.node.link.ByteStream;
import io.panal.node.link.ManagerLinks;
import io.panal.node.link.NodeSession;
import io.panal.node.link.Renewals;
import io.panal.node.work.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/// All that runs while this node is in a swarm: its agent always, a manager's seat while it is one.
final class InSwarm implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(InSwarm.class.getName());
    private static final Duration MEMBER_PATIENCE = Duration.ofSeconds(90);
    private static final Duration ROOM_AGAIN = Duration.ofSeconds(2);
    private static final Duration INTRODUCTION_PATIENCE = Duration.ofSeconds(20);

    private final SwarmNode.Host host;
    private final CertificateFiles certificates;
    private final SeatFile seatFile;
    private final Identity identity;
    private final ManagerLinks links;
    private final Renewals renewals;
    private final Trust trust;
    private final AgentSeat agent;
    private final Node.Description description;
    private final AtomicReference<List<String>> managers;
    private final Relays relays = new Relays();
    private final ReentrantLock roles = new ReentrantLock();
    private volatile SeatFile.Seat seat;
    private volatile Optional<ManagerSeat> manager = Optional.empty();
    private volatile Optional<KeyLock> keyLock = Optional.empty();
    private volatile boolean closed;

    /// Opens nothing yet.
    InSwarm(
            SwarmNode.Host host,
            SeatFile seatFile,
            CertificateFiles certificates,
            SeatFile.Seat seat,
            Identity identity)
            throws IOException {
        this.host = host;
        this.certificates = certificates;
        this.seatFile = seatFile;
        this.identity = identity;
        this.seat = seat;
        managers = new AtomicReference<>(seat.managers());
        links = new ManagerLinks(identity);
        renewals = new Renewals(identity, certificates, this::dialled, this::changed);
        description = HostFacts.describe(host.engineVersion(), host.labels(), TlsFacts.of(identity.credentials()));
        trust = new Trust(identity, certificates);
        Surroundings here = new Surroundings(nodeId(), description, host.data(), host.run());
        AgentSeat.Parts parts = new AgentSeat.Parts(
                () -> new Upward.Hello(
                        description(),
                        this.seat.dataPathAddress(),
                        manager.isPresent() ? this.seat.advertiseAddress() : ""),
                outcomes -> host.work().apply(here, outcomes),
                host.guests(),
                this::ordered,
                this::streamOpened,
                host.broken());
        agent = new AgentSeat(parts, identity, managers::get, this::way);
    }

    /// This node's own manager is dialled where it listens: the way that the others take to it may begin at a gateway
    /// that translates addresses and not lead back.
    private String way(String address) {
        return manager.isPresent() && address.equals(seat.advertiseAddress())
                ? Addresses.onThisHost(seat.listenAddress())
                : address;
    }

    private List<String> dialled() {
        return managers.get().stream().map(this::way).toList();
    }

    private void streamOpened(String kind, byte[] request, ByteStream stream) throws IOException, InterruptedException {
        if (kind.equals(Relays.KIND)) {
            relays.arrived(request, stream);
        } else {
            host.streams().opened(kind, request, stream);
        }
    }

    /// A stream to a node: over its session when this manager leads, by way of the leader otherwise.
    ByteStream open(ManagerSeat from, Id<Node> node, String kind, byte[] request)
            throws IOException, InterruptedException {
        Optional<NodeSession> session = from.sessionOf(node);
        return session.isPresent()
                ? session.get().open(kind, request)
                : relays.open(from, nodeId(), node, kind, request);
    }

    static Path raftOf(SwarmNode.Host host) {
        return host.data().resolve("swarm").resolve("raft");
    }

    /// The log of a manager that the swarm was begun anew without.
    static Path formerRaftOf(SwarmNode.Host host) {
        return host.data().resolve("swarm").resolve("raft-former");
    }

    /// Takes the manager's seat.
    ManagerSeat manage(ManagerSeat.Beginning beginning) throws IOException {
        ManagerSeat taken = new ManagerSeat(
                settings(),
                identity,
                beginning,
                links,
                new ManagerSeat.Endings(
                        this::resumeWithRoom,
                        () -> LOG.log(INFO, "the other managers have taken this one out of the log"),
                        this::outcast,
                        host.broken()));
        Runnable _ = taken.state()
                .watch((before, batch, _) -> ClusterEvents.of(before, batch).forEach(host.events()::publish));
        manager = Optional.of(taken);
        keyLock = Optional.of(new KeyLock(taken, certificates, identity, renewals::atOnce));
        if (taken.halted().isPresent()) {
            resumeWithRoom();
        }
        return taken;
    }

    private ConsensusSettings settings() throws IOException {
        return new ConsensusSettings(
                seat.nodeId(),
                seat.clusterId(),
                Addresses.split(seat.listenAddress(), Addresses.MANAGER_PORT).socket(),
                seat.advertiseAddress(),
                raftOf(host),
                certificates.diskKey(),
                Retention.DEFAULT);
    }

    /// Takes the seat again once the disk has room for its log.
    private void resumeWithRoom() {
        Thread _ = Thread.ofVirtual().name("room-awaited").start(() -> {
            DiskRoom room = new DiskRoom(raftOf(host));
            try {
                while (!closed && room.shortageAfterOne().isPresent()) {
                    Thread.sleep(ROOM_AGAIN);
                }
                resume();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void resume() {
        roles.lock();
        try {
            Optional<ManagerSeat> halted = manager.filter(seat -> seat.halted().isPresent());
            if (!closed && halted.isPresent()) {
                keyLock.ifPresent(KeyLock::close);
                halted.get().close();
                ManagerSeat _ = manage(new ManagerSeat.Beginning.Restart());
                announce();
                LOG.log(INFO, "the disk has room again, the manager goes on");
            }
        } catch (IOException failed) {
            host.broken().accept("the manager does not go on after its disk was full: " + failed.getMessage());
        } finally {
            roles.unlock();
        }
    }

    /// Has the other managers take this one in; it holds the seat by then.
    void becomeMember(String other) throws IOException, InterruptedException {
        ManagerSeat taken = manage(new ManagerSeat.Beginning.Join(links.introduce(other, INTRODUCTION_PATIENCE)));
        links.join(other, taken.consensus().self(), MEMBER_PATIENCE);
        links.announce(taken.consensus(), this::outcast);
    }

    /// The others hear at once that this manager is back, and where, instead of finding out by dialling.
    void announce() {
        manager.filter(taken -> taken.halted().isEmpty())
                .ifPresent(taken -> links.announce(taken.consensus(), this::outcast));
    }

    void work() throws IOException {
        AgentSeat _ = agent.start();
        Renewals _ = renewals.start();
    }

    /// Waits until the swarm shows this node as ready; when that takes long it happens later.
    void awaitOrders(Duration patience) throws InterruptedException {
        if (!agent.awaitOrders(patience)) {
            LOG.log(WARNING, () -> "no orders yet waited=" + patience);
        }
    }

    /// As this node is now: who has signed its certificate changes in its life.
    Node.Description description() {
        return description.certified(TlsFacts.of(identity.credentials()));
    }

    private void ordered(Assignments orders) {
        if (!orders.managers().isEmpty() && !orders.managers().equals(managers.get())) {
            managers.set(orders.managers());
            remember(seat.knowing(orders.managers()));
        }
        boolean isOther =
                (orders.role() == Node.Role.MANAGER) != (identity.name().role() == Role.MANAGER);
        if (trust.follow(orders.trust()) || isOther) {
            renewals.atOnce();
        }
    }

    /// The certificate gives another role now: promoted or demoted.
    private void changed(Role role) {
        roles.lock();
        try {
            if (closed) {
                return;
            }
            switch (role) {
                case MANAGER -> rise();
                case WORKER -> stepBack();
            }
            agent.reconnect("this node is a %s now".formatted(role));
        } catch (IOException failed) {
            LOG.log(WARNING, "role not taken; it is tried again at the daemon's next start", failed);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            roles.unlock();
        }
    }

    private void rise() throws IOException, InterruptedException {
        if (manager.isEmpty()) {
            becomeMember(managers.get().getFirst());
            remember(seat.managing(true));
            LOG.log(INFO, "promoted to manager");
        }
    }

    private void stepBack() throws IOException {
        if (manager.isPresent()) {
            giveUpSeat();
            Consensus.erase(raftOf(host));
            LOG.log(INFO, "demoted to worker");
        }
    }

    private void giveUpSeat() {
        Optional<ManagerSeat> left = manager;
        manager = Optional.empty();
        keyLock.ifPresent(KeyLock::close);
        left.ifPresent(ManagerSeat::close);
        remember(seat.managing(false));
        try {
            // A worker starts without being unlocked.
            certificates.lockWith(Optional.empty(), identity.credentials());
        } catch (IOException failed) {
            LOG.log(WARNING, "the keys on disk are still locked", failed);
        }
    }

    /// Another manager has begun the swarm anew: this one goes on as a worker. Its log may hold what nobody else has,
    /// so it is put aside.
    private void outcast() {
        Thread _ = Thread.ofVirtual().name("outcast").start(() -> {
            roles.lock();
            try {
                if (!closed && manager.isPresent()) {
                    giveUpSeat();
                    Consensus.erase(formerRaftOf(host));
                    Files.move(raftOf(host), formerRaftOf(host));
                    LOG.log(
                            WARNING,
                            "the swarm was begun anew on another manager; this node is a worker now, its log is kept in "
                                    + formerRaftOf(host));
                    renewals.atOnce();
                }
            } catch (IOException failed) {
                LOG.log(WARNING, "the log of the former swarm was not put aside", failed);
            } finally {
                roles.unlock();
            }
        });
    }

    private void remember(SeatFile.Seat next) {
        seat = next;
        try {
            seatFile.save(next);
        } catch (IOException failed) {
            LOG.log(WARNING, "what is known of the swarm was not kept", failed);
        }
    }

    Identity identity() {
        return identity;
    }

    SeatFile.Seat seat() {
        return seat;
    }

    Id<Node> nodeId() {
        return new Id<>(seat.nodeId());
    }

    Optional<ManagerSeat> manager() {
        return manager;
    }

    AgentSeat agent() {
        return agent;
    }

    List<String> managers() {
        return managers.get();
    }

    /// What runs on the host goes on.
    @Override
    public void close() {
        closed = true;
        renewals.close();
        agent.close();
        keyLock.ifPresent(KeyLock::close);
        manager.ifPresent(ManagerSeat::close);
        links.close();
    }
}
