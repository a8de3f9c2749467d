package io.panal.node.consensus;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;

/// Who the members are, as one member's log says.
final class Roll {
    /// What a member knows that has no log yet.
    static final Door.Known NOBODY = new Door.Known(-1, Set.of(), 0, Optional.empty());

    private Roll() {}

    /// @return empty while a change of members is under way
    static Optional<Membership> membership(RaftServer.Division division) {
        RaftConfiguration now = division.getRaftConf();
        boolean isSettled = now.getPreviousPeers().isEmpty()
                && now.getLogEntryIndex() <= division.getRaftLog().getLastCommittedIndex();
        List<String> ids = MemberChanges.members(now).stream().map(Member::id).toList();
        return isSettled && !ids.isEmpty()
                ? Optional.of(new Membership(now.getLogEntryIndex(), ids))
                : Optional.empty();
    }

    /// Those on their way in or out included.
    ///
    /// @param leader the node that is followed now
    static Door.Known known(RaftServer.Division division, Optional<String> leader) {
        RaftConfiguration now = division.getRaftConf();
        Set<String> nodes = new HashSet<>();
        for (RaftPeerRole role : List.of(RaftPeerRole.FOLLOWER, RaftPeerRole.LISTENER)) {
            now.getAllPeers(role)
                    .forEach(peer -> nodes.add(Member.nodeOf(peer.getId().toString())));
        }
        return new Door.Known(
                now.getLogEntryIndex(), nodes, now.getCurrentPeers().size(), leader);
    }
}
