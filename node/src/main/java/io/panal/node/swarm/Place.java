package io.panal.node.swarm;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.panal.node.consensus.Consensus;
import io.panal.node.http.Refusal;
import io.panal.node.identity.CertificateFiles;
import io.panal.node.identity.Credentials;
import io.panal.node.identity.Identity;
import io.panal.node.identity.SealingKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The one place in a swarm that this node may have, and what is kept of it on disk.
final class Place implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Place.class.getName());
    private static final String ALREADY =
            "This node is already part of a swarm. Use \"docker swarm leave\" to leave this swarm and join another one.";

    private final SwarmNode.Host host;
    private final SeatFile seatFile;
    private final CertificateFiles certificates;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable InSwarm inside;
    private volatile Optional<SeatFile.Seat> pending = Optional.empty();
    private volatile Optional<SeatFile.Seat> locked = Optional.empty();

    Place(SwarmNode.Host host) {
        this.host = host;
        Path swarm = host.data().resolve("swarm");
        seatFile = new SeatFile(swarm.resolve("seat"));
        certificates = new CertificateFiles(swarm.resolve("certificates"));
    }

    SwarmNode.Host host() {
        return host;
    }

    /// What takes or gives up the place, one at a time.
    interface Change<T> {
        T make() throws IOException, InterruptedException;
    }

    <T> T changing(Change<T> change) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            return change.make();
        } finally {
            lock.unlock();
        }
    }

    /// Empty outside of any swarm, and while this node is still joining one.
    Optional<InSwarm> inside() {
        return Optional.ofNullable(inside);
    }

    /// What this node has asked for while no manager has let it in yet.
    Optional<SeatFile.Seat> pending() {
        return pending;
    }

    /// What this node was before its restart, while its keys are locked away.
    Optional<SeatFile.Seat> locked() {
        return locked;
    }

    /// Goes on with the membership of before the restart.
    ///
    /// @return false when the key is the wrong one
    boolean unlock(SealingKey key) throws IOException {
        if (!certificates.unlock(key)) {
            return false;
        }
        restore();
        return true;
    }

    void awaits(SeatFile.Seat seat) {
        pending = Optional.of(seat);
    }

    void awaitsNoMore() {
        pending = Optional.empty();
    }

    void refuseSecond() throws Refusal {
        if (inside != null || pending.isPresent() || locked.isPresent()) {
            throw new Refusal(503, ALREADY);
        }
    }

    /// Takes the place; nothing runs in it yet, and nothing is kept.
    InSwarm open(SeatFile.Seat seat, Identity identity) throws IOException {
        InSwarm entered = new InSwarm(host, seatFile, certificates, seat, identity);
        inside = entered;
        return entered;
    }

    /// Keeps what a restart needs.
    void keep(SeatFile.Seat seat, Credentials credentials) throws IOException {
        certificates.save(credentials);
        seatFile.save(seat);
    }

    /// What this node was when it was last written down.
    Optional<SeatFile.Seat> remembered() {
        try {
            return seatFile.load();
        } catch (IOException unreadable) {
            LOG.log(WARNING, "membership not read reason=" + unreadable.getMessage());
            return Optional.empty();
        }
    }

    /// Goes on with the membership of before a restart, if there was one.
    void restore() throws IOException {
        Optional<SeatFile.Seat> seat = seatFile.load();
        boolean isLocked = seat.isPresent() && certificates.isLocked();
        locked = isLocked ? seat : Optional.empty();
        if (isLocked) {
            LOG.log(INFO, "swarm locked; docker swarm unlock opens it");
        }
        Optional<Credentials> credentials = locked.isPresent() ? Optional.empty() : certificates.load();
        if (seat.isEmpty() || credentials.isEmpty()) {
            return;
        }
        InSwarm _ = goOn(seat.get(), new Identity(credentials.get()));
    }

    /// Takes the place again with what is kept.
    InSwarm goOn(SeatFile.Seat seat, Identity identity) throws IOException {
        InSwarm entered = open(seat, identity);
        if (seat.manager()) {
            ManagerSeat _ = entered.manage(new ManagerSeat.Beginning.Restart());
            entered.announce();
        }
        entered.work();
        return entered;
    }

    /// Gives up the place and forgets it.
    void abandon() throws IOException {
        close();
        locked = Optional.empty();
        Consensus.erase(InSwarm.raftOf(host));
        Consensus.erase(InSwarm.formerRaftOf(host));
        certificates.remove();
        seatFile.remove();
    }

    /// What is kept stays for the next start.
    @Override
    public void close() {
        InSwarm now = inside;
        inside = null;
        if (now != null) {
            now.close();
        }
    }
}
