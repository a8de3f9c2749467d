package io.panal.node.swarm;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.panal.core.model.Node;
import io.panal.node.engine.Swarm;
import io.panal.node.http.Refusal;
import io.panal.node.identity.Credentials;
import io.panal.node.identity.Identity;
import io.panal.node.identity.JoinToken;
import io.panal.node.identity.NodeName;
import io.panal.node.identity.Role;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// `docker swarm join`: an attempt that goes on in the background when it takes long.
final class Arriving {
    private static final System.Logger LOG = System.getLogger(Arriving.class.getName());
    private static final String LATE =
            "Timeout was reached before node joined. The attempt to join the swarm will continue in the background. Use the \"docker info\" command to see the current swarm status of your node.";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHOWN_PATIENCE = Duration.ofSeconds(5);

    private final Place place;
    private volatile @Nullable Attempt joining;

    Arriving(Place place) {
        this.place = place;
    }

    void join(Swarm.Join order) throws IOException, InterruptedException {
        SeatFile.Seat seat = place.changing(() -> {
            place.refuseSecond();
            SeatFile.Seat asked = asked(order);
            place.awaits(asked);
            return asked;
        });
        Attempt attempt = new Attempt(seat, order);
        joining = attempt;
        attempt.await(PATIENCE);
    }

    /// Gives up an attempt that goes on in the background.
    void stop() {
        Attempt attempt = joining;
        if (attempt != null) {
            attempt.stop();
        }
    }

    private static SeatFile.Seat asked(Swarm.Join order) throws IOException {
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

    private final class Attempt {
        private final CountDownLatch decided = new CountDownLatch(1);
        private final Thread thread;
        private volatile Optional<Refusal> refusal = Optional.empty();

        Attempt(SeatFile.Seat seat, Swarm.Join order) {
            thread = Thread.ofVirtual().name("joining").start(() -> run(seat, order));
        }

        void await(Duration patience) throws IOException, InterruptedException {
            if (!decided.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new Refusal(503, LATE);
            }
            if (refusal.isPresent()) {
                throw refusal.get();
            }
        }

        void stop() {
            thread.interrupt();
        }

        private void run(SeatFile.Seat seat, Swarm.Join order) {
            try {
                enter(seat, order);
            } catch (Refusal refused) {
                refusal = Optional.of(refused);
            } catch (InterruptedIOException _) {
                Thread.currentThread().interrupt();
            } catch (IOException failed) {
                LOG.log(WARNING, "joining failed", failed);
                refusal = Optional.of(new Refusal(500, String.valueOf(failed.getMessage())));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                place.awaitsNoMore();
                decided.countDown();
            }
        }
    }

    private void enter(SeatFile.Seat seat, Swarm.Join order) throws IOException, InterruptedException {
        Node.Arrival arrival = new Node.Arrival(
                HostFacts.describe(place.host().engineVersion(), place.host().labels(), TlsFacts.NONE),
                Node.Availability.of(order.availability()),
                seat.dataPathAddress());
        Credentials credentials = Entering.enrolled(order, arrival);
        NodeName name = credentials.name();
        SeatFile.Seat own = seat.named(name.clusterId(), name.nodeId(), name.role() == Role.MANAGER);
        InSwarm _ = place.changing(() -> entered(own, credentials, order));
        LOG.log(
                INFO,
                () -> "swarm joined cluster=%s node=%s role=%s"
                        .formatted(name.clusterId(), name.nodeId(), name.role()));
    }

    private InSwarm entered(SeatFile.Seat own, Credentials credentials, Swarm.Join order)
            throws IOException, InterruptedException {
        boolean entered = false;
        try {
            InSwarm begun = place.open(own, new Identity(credentials));
            if (own.manager()) {
                begun.becomeMember(Addresses.split(order.remotes().getFirst(), Addresses.MANAGER_PORT)
                        .toString());
            }
            place.keep(own, credentials);
            begun.work();
            begun.awaitOrders(SHOWN_PATIENCE);
            entered = true;
            return begun;
        } finally {
            if (!entered) {
                place.abandon();
            }
        }
    }
}
