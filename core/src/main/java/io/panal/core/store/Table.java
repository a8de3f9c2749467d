package io.panal.core.store;

import io.panal.core.model.Id;
import io.panal.core.model.Stored;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/// The objects of one kind in the order of their ids, with the indexes that are asked of them. Never changes.
///
/// @param <T> the kind
public final class Table<T extends Stored<T>> {
    /// Where an object is found beside its id; an object may stand under several keys.
    ///
    /// @param <T> the kind
    record Index<T>(String name, Function<T, Collection<String>> keys) {}

    private final List<Index<T>> indexes;
    private final PSortedMap<Id<T>, T> rows;
    private final List<PMap<String, PSortedMap<Id<T>, T>>> entries;

    private Table(List<Index<T>> indexes, PSortedMap<Id<T>, T> rows, List<PMap<String, PSortedMap<Id<T>, T>>> entries) {
        this.indexes = indexes;
        this.rows = rows;
        this.entries = entries;
    }

    static <T extends Stored<T>> Table<T> empty(List<Index<T>> indexes) {
        return new Table<>(
                indexes,
                TreePMap.empty(),
                indexes.stream()
                        .map(_ ->
                                (PMap<String, PSortedMap<Id<T>, T>>) HashTreePMap.<String, PSortedMap<Id<T>, T>>empty())
                        .toList());
    }

    public Optional<T> find(Id<T> id) {
        return Optional.ofNullable(rows.get(id));
    }

    /// @throws IllegalStateException when there is none: something else promised that there is
    public T require(Id<T> id) {
        return find(id).orElseThrow(() -> new IllegalStateException("there is no object " + id));
    }

    /// All, in the order of their ids.
    public Collection<T> all() {
        return rows.values();
    }

    public int size() {
        return rows.size();
    }

    /// Those under a key of an index, in the order of their ids.
    Collection<T> under(String index, String key) {
        for (int i = 0; i < indexes.size(); i++) {
            if (indexes.get(i).name().equals(index)) {
                PSortedMap<Id<T>, T> found = entries.get(i).get(key);
                return found == null ? List.of() : found.values();
            }
        }
        throw new IllegalStateException("no index is called " + index);
    }

    Table<T> with(T object) {
        T former = rows.get(object.id());
        return new Table<>(indexes, rows.plus(object.id(), object), reindexed(former, object));
    }

    Table<T> without(Id<T> id) {
        T former = rows.get(id);
        return former == null ? this : new Table<>(indexes, rows.minus(id), reindexed(former, null));
    }

    private List<PMap<String, PSortedMap<Id<T>, T>>> reindexed(
            @org.jspecify.annotations.Nullable T former, @org.jspecify.annotations.Nullable T next) {
        if (indexes.isEmpty()) {
            return entries;
        }
        List<PMap<String, PSortedMap<Id<T>, T>>> changed = new java.util.ArrayList<>(entries);
        for (int i = 0; i < changed.size(); i++) {
            Function<T, Collection<String>> keys = indexes.get(i).keys();
            PMap<String, PSortedMap<Id<T>, T>> index = changed.get(i);
            if (former != null) {
                for (String key : keys.apply(former)) {
                    index = removed(index, key, former.id());
                }
            }
            if (next != null) {
                for (String key : keys.apply(next)) {
                    PSortedMap<Id<T>, T> found = index.get(key);
                    index = index.plus(key, (found == null ? TreePMap.<Id<T>, T>empty() : found).plus(next.id(), next));
                }
            }
            changed.set(i, index);
        }
        return List.copyOf(changed);
    }

    private static <T> PMap<String, PSortedMap<Id<T>, T>> removed(
            PMap<String, PSortedMap<Id<T>, T>> index, String key, Id<T> id) {
        PSortedMap<Id<T>, T> found = index.get(key);
        if (found == null) {
            return index;
        }
        PSortedMap<Id<T>, T> left = found.minus(id);
        return left.isEmpty() ? index.minus(key) : index.plus(key, left);
    }
}
