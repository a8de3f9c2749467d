package io.panal.node.consensus;

import java.util.Optional;

/// What the state machine and the watch tell the member.
interface MemberEvents {
    void leads();

    void leadsNoMore();

    void leaderSeen(Optional<String> nodeId);

    void membersSeen();

    void snapshotDue();

    void broken(String why);
}
