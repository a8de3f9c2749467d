package io.panal.core.manager.turn;

import io.panal.core.model.Id;
import io.panal.core.model.Stored;
import io.panal.core.store.Change;
import io.panal.core.store.Draft;
import io.panal.core.store.Kind;
import io.panal.core.store.View;
import java.time.Instant;

/// One turn: the draft that its loops work on one after the other, at one time.
public final class Turn {
    private final Draft draft;
    private final Moment moment;
    private final Names names;
    private final Limits limits;
    private int weight;
    private boolean postponed;

    public Turn(View base, Moment moment, Names names, Limits limits) {
        this.draft = new Draft(base, moment.now());
        this.moment = moment;
        this.names = names;
        this.limits = limits;
    }

    /// The state with what was decided so far.
    public View view() {
        return draft.view();
    }

    public Draft draft() {
        return draft;
    }

    public Instant now() {
        return draft.at();
    }

    /// What a stamp in the state would be if the leader's clock had always been as it is now.
    public Instant dated(Instant stamp) {
        return moment.dated(stamp);
    }

    public Limits limits() {
        return limits;
    }

    public <T> Id<T> newId() {
        return names.next();
    }

    public void put(Stored<?> object) {
        draft.put(object);
    }

    public <T extends Stored<T>> void delete(Kind<T> kind, Id<T> id) {
        draft.delete(kind, id);
    }

    public void apply(Plan plan) {
        for (Change change : plan.changes()) {
            draft.add(change);
        }
    }

    public Plan.Draftsman plan() {
        return new Plan.Draftsman(Math.max(0, limits.batchChanges() - draft.size() - weight), now());
    }

    /// Counts something large as so many more changes.
    ///
    /// @param bytes of its own data, whole KiB count
    public void weigh(long bytes) {
        weight += (int) Math.min(limits.batchChanges(), bytes >> 10);
    }

    /// Whether the rest is better left to the next turn.
    public boolean isFull() {
        return draft.size() + weight >= limits.batchChanges();
    }

    /// Whether an object may still be changed; what may not is left to a turn that follows at once.
    public boolean takes(Stored<?> object) {
        boolean taken = !isFull() || draft.changes(object);
        postponed |= !taken;
        return taken;
    }

    public boolean isPostponed() {
        return postponed;
    }
}
