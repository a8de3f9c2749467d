package io.panal.node.consensus;

import java.util.Optional;

/// What became of a change of members or leader.
public sealed interface Change {
    /// In force.
    record Done() implements Change {}

    /// Nothing was changed: this member does not lead.
    ///
    /// @param leader who does, when that is known
    record NotLeader(Optional<String> leader) implements Change {}

    /// Nothing was changed, or not yet; doing it again is safe.
    ///
    /// @param why for the log and the user
    record Failed(String why) implements Change {}
}
