package io.panal.core.manager.control;

import io.panal.core.model.Id;
import io.panal.core.model.Stored;
import java.util.List;

/// Answers in the words of Docker's daemon, which shows the status of its own inner calls.
public final class Answers {
    /// What Docker says while no leader is there.
    public static final Answer.Unavailable NO_LEADER = new Answer.Unavailable(
            "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that"
                    + " too few managers are online. Make sure more than half of the managers are online.");

    /// What Docker says of a change that is more than its log takes in one piece.
    public static final Answer TOO_LARGE = new Answer.Unavailable(
            "rpc error: code = Unknown desc = raft: raft message is too large and can't be sent");

    static final Answer OUT_OF_SEQUENCE =
            new Answer.OutOfSequence("rpc error: code = Unknown desc = update out of sequence");

    private Answers() {}

    /// The version is filled in when it is committed.
    static Answer done(Id<?> id) {
        return done(id, 0);
    }

    static Answer done(Id<?> id, long version) {
        return new Answer.Done(id.value(), version, List.of());
    }

    static Answer missing(String kind, Id<?> id) {
        return new Answer.Missing("%s %s not found".formatted(kind, id));
    }

    static Answer invalid(String why) {
        return new Answer.Refused("rpc error: code = InvalidArgument desc = " + why);
    }

    static Answer precondition(String why) {
        return new Answer.Refused("rpc error: code = FailedPrecondition desc = " + why);
    }

    static Answer exists(String why) {
        return new Answer.Conflict("rpc error: code = AlreadyExists desc = " + why);
    }

    static Answer unimplemented(String why) {
        return new Answer.Unsupported("rpc error: code = Unimplemented desc = " + why);
    }

    static boolean isOutOfSequence(Stored<?> object, long version) {
        return object.meta().version().index() != version;
    }
}
