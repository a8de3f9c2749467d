package io.panal.node.swarm;

import static java.lang.System.Logger.Level.INFO;

import io.panal.core.api.Standing;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.node.engine.Swarm;
import io.panal.node.http.Refusal;
import io.panal.node.identity.Authority;
import io.panal.node.identity.Identity;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `docker swarm init`: a swarm with this node as its only manager.
final class Founding {
    private static final System.Logger LOG = System.getLogger(Founding.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHOWN_PATIENCE = Duration.ofSeconds(5);

    private final Place place;

    Founding(Place place) {
        this.place = place;
    }

    /// @return this node's id
    String found(Swarm.Init order) throws IOException, InterruptedException {
        return place.changing(() -> {
            Optional<InSwarm> inside = place.inside();
            if (order.forceNewCluster() && inside.isPresent()) {
                return anew(order, inside.get());
            }
            if (order.forceNewCluster() && place.locked().isPresent()) {
                throw new Refusal(503, new Standing.Locked().refusal().orElseThrow());
            }
            place.refuseSecond();
            SeatFile.Seat seat = seat(order);
            begin(order, seat);
            LOG.log(INFO, () -> "swarm made cluster=%s node=%s".formatted(seat.clusterId(), seat.nodeId()));
            return seat.nodeId();
        });
    }

    /// Goes on as the only manager with all that this one holds, of which nothing is lost that was acknowledged.
    private String anew(Swarm.Init order, InSwarm former) throws IOException, InterruptedException {
        ManagerSeat manager = former.manager()
                .orElseThrow(
                        () -> new Refusal(503, new Standing.Worker().refusal().orElseThrow()));
        Optional<String> halted = manager.halted();
        if (halted.isPresent()) {
            throw new Refusal(503, halted.get());
        }
        SeatFile.Seat seat = again(order, former.seat());
        Identity identity = former.identity();
        manager.consensus().forsakeOthers();
        place.close();
        place.keep(seat, identity.credentials());
        InSwarm begun = place.goOn(seat, identity);
        ManagerSeat alone = begun.manager().orElseThrow(() -> new IllegalStateException("a manager's seat is kept"));
        if (!alone.awaitLead(PATIENCE)) {
            throw new Refusal(500, "this manager does not lead alone; see the daemon's log");
        }
        Answer answer = alone.submit(new Command.ForceNewCluster(begun.nodeId(), seat.advertiseAddress()), PATIENCE);
        if (!(answer instanceof Answer.Done)) {
            throw new Refusal(500, "the swarm could not be begun anew: " + answer);
        }
        begun.awaitOrders(SHOWN_PATIENCE);
        LOG.log(INFO, () -> "swarm begun anew cluster=%s node=%s".formatted(seat.clusterId(), seat.nodeId()));
        return seat.nodeId();
    }

    /// Where this node was reached before, unless it was told otherwise.
    private static SeatFile.Seat again(Swarm.Init order, SeatFile.Seat former) throws IOException {
        Addresses.HostPort listen = Addresses.listen(order.listen());
        String advertise = order.advertise().isEmpty()
                ? former.advertiseAddress()
                : Addresses.advertise(order.advertise(), listen, "").toString();
        String dataPath =
                order.dataPath().address().isEmpty() && order.advertise().isEmpty()
                        ? former.dataPathAddress()
                        : Addresses.dataPath(order.dataPath().address(), Addresses.split(advertise, listen.port()));
        return former.alone(listen.toString(), advertise, dataPath);
    }

    private static SeatFile.Seat seat(Swarm.Init order) throws IOException {
        Addresses.HostPort listen = Addresses.listen(order.listen());
        Addresses.HostPort advertise = Addresses.advertise(order.advertise(), listen, "");
        return new SeatFile.Seat(
                Ids.fresh(),
                Ids.fresh(),
                true,
                listen.toString(),
                advertise.toString(),
                Addresses.dataPath(order.dataPath().address(), advertise),
                List.of(advertise.toString()));
    }

    private static Duration validity(Swarm.Init order) {
        return order.spec().flatMap(spec -> spec.caConfig().nodeCertExpiry()).orElse(Authority.NODE_VALIDITY);
    }

    private void begin(Swarm.Init order, SeatFile.Seat seat) throws IOException, InterruptedException {
        Authority authority = Authority.create(Instant.now());
        Identity identity = new Identity(Entering.first(authority, seat, validity(order)));
        boolean made = false;
        try {
            InSwarm begun = place.open(seat, identity);
            ManagerSeat manager = begun.manage(new ManagerSeat.Beginning.Bootstrap());
            if (!manager.awaitLead(PATIENCE)) {
                throw new Refusal(500, "the new swarm's first manager does not lead; see the daemon's log");
            }
            Answer answer = manager.submit(
                    new Command.CreateCluster(
                            Entering.cluster(order, seat, authority),
                            Entering.self(seat, begun.description(), order.availability())),
                    PATIENCE);
            if (!(answer instanceof Answer.Done)) {
                throw new Refusal(500, "the swarm could not be made: " + answer);
            }
            place.keep(seat, identity.credentials());
            begun.work();
            begun.awaitOrders(SHOWN_PATIENCE);
            made = true;
        } finally {
            if (!made) {
                place.abandon();
            }
        }
    }
}
