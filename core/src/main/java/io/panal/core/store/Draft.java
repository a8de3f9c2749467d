package io.panal.core.store;

import io.panal.core.model.Id;
import io.panal.core.model.Stored;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A view in the making: what one turn has changed so far, seen by what comes after it in the turn.
public final class Draft {
    private final Instant at;
    private final List<Change> changes = new ArrayList<>();
    private View view;

    public Draft(View base, Instant at) {
        this.view = base;
        this.at = at;
    }

    /// The state with all changes so far.
    public View view() {
        return view;
    }

    public void put(Stored<?> object) {
        add(new Change.Put(object));
    }

    public <T extends Stored<T>> void delete(Kind<T> kind, Id<T> id) {
        add(new Change.Delete(kind.name(), id.value()));
    }

    public void add(Change change) {
        changes.add(change);
        view = view.after(change, at);
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    public int size() {
        return changes.size();
    }

    public Batch batch() {
        return new Batch(at, changes);
    }
}
