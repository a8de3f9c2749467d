package io.panal.node.consensus;

import java.util.Optional;

/// What the state machine and the watch tell the member.
interface MemberEvents {
    void leads();

    void leadsNoMore();

    void leaderSeen(Optional<String> nodeId);

    void membersSeen();

    void snapshotDue();

    /// The newest data key is known to whoever has the log up to the index.
    void keyKnown(long index);

    /// What was sealed with former data keys is to go from this disk.
    void keysSettled();

    void broken(String why);
}
