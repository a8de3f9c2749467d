package io.panal.node.swarm;

import io.panal.core.codec.Codec;
import io.panal.node.disk.DurableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What this node must know of its swarm to go on after a restart, beside its certificate.
///
/// @param path `DATA/swarm/seat`
record SeatFile(Path path) {
    /// @param listenAddress host:port of the managers' port on this node
    /// @param advertiseAddress that others reach this node at, without port
    /// @param dataPathAddress underlay address for overlay packets
    /// @param managers where managers were last known, host:port
    record Seat(
            String clusterId,
            String nodeId,
            boolean manager,
            String listenAddress,
            String advertiseAddress,
            String dataPathAddress,
            List<String> managers) {
        Seat {
            managers = List.copyOf(managers);
        }

        /// The same node, reached elsewhere, as the only manager that is known.
        Seat alone(String listen, String advertise, String dataPath) {
            return new Seat(clusterId, nodeId, true, listen, advertise, dataPath, List.of(advertise));
        }

        Seat knowing(List<String> others) {
            return new Seat(clusterId, nodeId, manager, listenAddress, advertiseAddress, dataPathAddress, others);
        }

        Seat named(String cluster, String node, boolean manages) {
            return new Seat(cluster, node, manages, listenAddress, advertiseAddress, dataPathAddress, managers);
        }

        Seat managing(boolean manages) {
            return new Seat(clusterId, nodeId, manages, listenAddress, advertiseAddress, dataPathAddress, managers);
        }
    }

    Optional<Seat> load() throws IOException {
        return new DurableFile(path).load().map(bytes -> Codec.JSON.read(bytes, Seat.class));
    }

    void save(Seat seat) throws IOException {
        new DurableFile(path).save(Codec.JSON.write(seat));
    }

    void remove() throws IOException {
        new DurableFile(path).remove();
    }
}
