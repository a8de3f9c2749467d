package io.panal.core.agent;

import java.util.Optional;

/// The last orders of one session, as one of its two ends keeps them: the first go whole, those that follow as what
/// changed. Not to be shared by threads.
public final class LastOrders {
    private Optional<Assignments> last = Optional.empty();

    /// What is to be sent for a node to have these orders, after those before.
    public Downward told(String session, Assignments next) {
        Optional<Assignments> former = last;
        last = Optional.of(next);
        return former.<Downward>map(known -> new Downward.Changes(session, OrderChanges.between(known, next)))
                .orElseGet(() -> new Downward.Orders(session, next));
    }

    /// What was told to this node.
    public Assignments heard(Downward.Orders orders) {
        last = Optional.of(orders.assignments());
        return orders.assignments();
    }

    /// What was told to this node.
    ///
    /// @throws IllegalStateException the changes are not of the orders that this node has
    public Assignments heard(Downward.Changes news) {
        OrderChanges changes = news.changes();
        Assignments former = last.filter(known -> known.generation() == changes.since())
                .orElseThrow(() -> new IllegalStateException(
                        "changes of orders that this node does not have: generation " + changes.since()));
        Assignments next = changes.on(former);
        last = Optional.of(next);
        return next;
    }
}
