package io.panal.node.consensus;

import io.panal.node.identity.SealingKey;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/// Where and as whom a member runs.
///
/// @param nodeId its node
/// @param clusterId the swarm, which names the log
/// @param listen where the shared port is opened
/// @param advertised `host:port` that the other managers dial
/// @param directory what the member keeps: log, snapshots, address book, data keys
/// @param diskKey what the data keys are sealed with in the directory
/// @param retention until [Consensus#retain] says otherwise
public record ConsensusSettings(
        String nodeId,
        String clusterId,
        InetSocketAddress listen,
        String advertised,
        Path directory,
        SealingKey diskKey,
        Retention retention) {
    Path log() {
        return directory.resolve("log");
    }

    Path removed() {
        return directory.resolve("removed");
    }

    Path keys() {
        return directory.resolve("data-keys");
    }

    Path nextKeys() {
        return directory.resolve("data-keys.next");
    }

    Path addresses() {
        return directory.resolve("addresses");
    }

    Path memberName() {
        return directory.resolve("member");
    }

    Path generation() {
        return directory.resolve("generation");
    }
}
