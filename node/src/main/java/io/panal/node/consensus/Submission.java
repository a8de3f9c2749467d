package io.panal.node.consensus;

import java.util.Optional;

/// What became of a submitted entry.
public sealed interface Submission {
    /// Applied on this member.
    record Committed(long index) implements Submission {}

    /// Not in the log and never will be: this member did not lead in the given term.
    ///
    /// @param leader who does, when that is known
    record NotLeader(Optional<String> leader) implements Submission {}

    /// Not in the log: larger than [Consensus#ENTRY_BYTES_MAX].
    record TooLarge(int bytes) implements Submission {}

    /// Not in the log: too much is waiting already.
    record Busy(String why) implements Submission {}

    /// Perhaps in the log: leadership was lost, or time ran out, before the answer.
    record Unknown(String why) implements Submission {}
}
