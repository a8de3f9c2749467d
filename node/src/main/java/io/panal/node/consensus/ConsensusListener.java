package io.panal.node.consensus;

import java.util.List;
import java.util.Optional;

/// What happens to a member. Called on the engine's threads: hand over to a mailbox, never block.
public interface ConsensusListener {
    /// This member leads, and every entry of earlier terms is applied here.
    void leadershipGained(long term);

    /// This member no longer leads; what it submitted may or may not be committed.
    void leadershipLost();

    /// Another leader is known, or none: then nothing can be committed at the moment.
    void leaderChanged(Optional<String> nodeId);

    /// The members after a change that is in force.
    void membersChanged(List<Member> members);

    /// This member was taken out of the members: close it and erase its directory.
    void removed();

    /// A manager that is no member as far as this one knows wants to take part in the log: ask the members that are
    /// known for theirs and pass it to [Consensus#hear]. At most once a second.
    void strangerCalled();

    /// The disk has no room for the log: this member stops before anything is damaged. Close it; when there is room,
    /// [Consensus#restart] goes on.
    void halted(String why);

    /// This member cannot go on (log or disk broken, state diverged): end the process, the supervisor starts it
    /// again.
    void failed(String why);
}
