package io.panal.core.manager;

import io.panal.core.agent.Assignments;
import io.panal.core.manager.control.Answer;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.store.Batch;

/// What a manager wants done.
public sealed interface ManagerEffect {
    /// Put the batch into the log; answered by `Committed`, `Abandoned` or `TooLarge` with its number. One is under
    /// way at most.
    record Propose(long batch, Batch changes) implements ManagerEffect {}

    record Reply(long request, Answer answer) implements ManagerEffect {}

    /// Send a session all that its node is to do now.
    record Assign(Id<Node> node, String session, Assignments assignments) implements ManagerEffect {}

    /// End a session: its node is unknown, removed or silent.
    record EndSession(Id<Node> node, String session, String why) implements ManagerEffect {}

    /// A node that is no manager any more must leave consensus.
    record RemoveMember(Id<Node> node) implements ManagerEffect {}
}
