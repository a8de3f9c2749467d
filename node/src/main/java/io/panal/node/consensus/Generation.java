package io.panal.node.consensus;

import io.panal.node.disk.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.impl.ServerImplUtils;
import org.apache.ratis.server.raftlog.LogProtoUtils;

/// How often a swarm was begun anew from one manager; each generation is a log of its own name.
///
/// Managers of the former generation that come back, a majority of it even, speak of a log that the new one's members
/// do not have: they can neither be elected there nor write to it.
///
/// @param number from 1
record Generation(long number) {
    static Generation of(ConsensusSettings settings) throws IOException {
        Optional<byte[]> saved = new DurableFile(settings.generation()).load();
        var generation = new Generation(saved.map(bytes -> Long.parseLong(new String(bytes, StandardCharsets.UTF_8)))
                .orElse(1L));
        generation.takeOver(settings);
        return generation;
    }

    RaftGroupId group(String clusterId) {
        String name = number == 1 ? clusterId : clusterId + "/" + number;
        return RaftGroupId.valueOf(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
    }

    void save(ConsensusSettings settings) throws IOException {
        new DurableFile(settings.generation()).save(Long.toString(number).getBytes(StandardCharsets.UTF_8));
    }

    /// Makes the closed log one of the next generation, with one member. A crash on the way leaves a log of the next
    /// generation without a leader, which may be begun anew once more.
    ///
    /// @param index of the change of members, above all others in the log
    void next(ConsensusSettings settings, RaftPeer self, long term, long index) throws IOException {
        var next = new Generation(number + 1);
        next.save(settings);
        next.takeOver(settings);
        var alone = ServerImplUtils.newRaftConfiguration(List.of(self), List.of(), index, List.of(), List.of());
        new DurableFile(next.directory(settings).resolve("current").resolve("raft-meta.conf"))
                .write(LogProtoUtils.toLogEntryProto(alone, term, index).toByteArray());
    }

    private void takeOver(ConsensusSettings settings) throws IOException {
        Path former = new Generation(number - 1).directory(settings);
        if (number > 1 && Files.exists(former) && !Files.exists(directory(settings))) {
            Files.move(former, directory(settings), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private Path directory(ConsensusSettings settings) {
        return settings.log().resolve(group(settings.clusterId()).getUuid().toString());
    }
}
