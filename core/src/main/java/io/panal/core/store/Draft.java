package io.panal.core.store;

import io.panal.core.model.Id;
import io.panal.core.model.Stored;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/// A view in the making: what one turn has changed so far, seen by what comes after it in the turn.
///
/// An object that is changed several times is one change of the batch, its last; one that comes and goes is none.
public final class Draft {
    private record Key(String kind, String id) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byKind = kind.compareTo(other.kind);
            return byKind != 0 ? byKind : id.compareTo(other.id);
        }
    }

    private final View base;
    private final Instant at;
    private final SequencedMap<Key, Change> changes = new TreeMap<>();
    private View view;

    public Draft(View base, Instant at) {
        this.base = base;
        this.view = base;
        this.at = at;
    }

    /// The state that it began from.
    public View base() {
        return base;
    }

    /// The state with all changes so far. Its version and its objects' versions are not those that a commit gives.
    public View view() {
        return view;
    }

    public Instant at() {
        return at;
    }

    public void put(Stored<?> object) {
        add(new Change.Put(object));
    }

    public <T extends Stored<T>> void delete(Kind<T> kind, Id<T> id) {
        add(new Change.Delete(kind.name(), id.value()));
    }

    public void add(Change change) {
        switch (change) {
            case Change.Put(Stored<?> object) ->
                changes.put(new Key(Kind.of(object).name(), object.id().value()), change);
            case Change.Delete(String kind, String id) -> {
                if (base.find(kind, id).isPresent()) {
                    changes.put(new Key(kind, id), change);
                } else {
                    changes.remove(new Key(kind, id));
                }
            }
        }
        view = view.after(change, at);
    }

    public boolean changes(Stored<?> object) {
        return changes.containsKey(new Key(Kind.of(object).name(), object.id().value()));
    }

    public Collection<Change> changes() {
        return List.copyOf(changes.values());
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    public int size() {
        return changes.size();
    }

    public Batch batch() {
        return new Batch(at, List.copyOf(changes.values()));
    }
}
