package io.panal.core.manager;

import io.panal.core.agent.Report;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.store.View;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// What a manager hears.
public sealed interface ManagerEvent {
    /// This node leads: everything committed before is in the view.
    ///
    /// @param chance all that the leader needs in its term
    record Led(long term, View view, Id<Node> self, Chance chance) implements ManagerEvent {}

    /// @param names seed of the ids of tasks
    /// @param secrets seed of keys: 256 bits or more that nobody can guess, in any spelling
    record Chance(long names, String secrets) {}

    /// Another node leads, or none. Soft state is dropped, open requests are answered as unavailable.
    record Deposed() implements ManagerEvent {}

    /// @param request names the reply to it
    record Asked(long request, Command command) implements ManagerEvent {}

    /// The batch proposed is in the log; the view is the state with it.
    record Committed(long batch, View view) implements ManagerEvent {}

    /// The batch may or may not come to be: leadership is in doubt.
    record Abandoned(long batch, String why) implements ManagerEvent {}

    /// The proposed batch is larger than the log takes: it is not in it.
    record TooLarge(long batch) implements ManagerEvent {}

    /// A node's agent speaks; a former session of it is over.
    record SessionOpened(Id<Node> node, String session, Node.Description description, String address)
            implements ManagerEvent {}

    record Beaten(Id<Node> node, String session) implements ManagerEvent {}

    record Reported(Id<Node> node, String session, List<Report> reports) implements ManagerEvent {
        public Reported {
            reports = List.copyOf(reports);
        }
    }

    /// The node's kernel is as the orders of a generation wanted it.
    record Connected(Id<Node> node, String session, long generation) implements ManagerEvent {}

    /// The connection ended; the node may come back before its heartbeat is missed.
    record SessionClosed(Id<Node> node, String session) implements ManagerEvent {}

    /// Who takes part in consensus now.
    record MembersChanged(Set<Id<Node>> members) implements ManagerEvent {}

    /// The host's clock was set: it shows so much more than time has gone by, less when negative.
    record ClockJumped(Duration by) implements ManagerEvent {}

    /// The time asked for by `wakeAt` has come.
    record Woken() implements ManagerEvent {}
}
