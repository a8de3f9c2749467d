package io.panal.core.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// From one list to another; both are in the order of their keys, each of which is there once.
///
/// @param put what is new or another, in the order of its keys
/// @param gone keys of what is not there any more, in their order
public record Difference<T, K extends Comparable<K>>(List<T> put, List<K> gone) {
    public Difference {
        put = List.copyOf(put);
        gone = List.copyOf(gone);
    }

    static <T, K extends Comparable<K>> Difference<T, K> between(List<T> former, List<T> next, Function<T, K> key) {
        List<T> put = new ArrayList<>();
        List<K> gone = new ArrayList<>();
        int old = 0;
        for (T each : next) {
            // The same object mostly, which is seen sooner than that its key is the same.
            if (old < former.size() && former.get(old).equals(each)) {
                old++;
                continue;
            }
            K own = key.apply(each);
            while (old < former.size() && key.apply(former.get(old)).compareTo(own) < 0) {
                gone.add(key.apply(former.get(old++)));
            }
            boolean isKnown = old < former.size() && key.apply(former.get(old)).equals(own);
            if (!isKnown || !former.get(old).equals(each)) {
                put.add(each);
            }
            old += isKnown ? 1 : 0;
        }
        former.subList(old, former.size()).forEach(each -> gone.add(key.apply(each)));
        return new Difference<>(put, gone);
    }

    boolean isEmpty() {
        return put.isEmpty() && gone.isEmpty();
    }

    List<T> on(List<T> former, Function<T, K> key) {
        List<T> merged = new ArrayList<>(former.size() + put.size());
        int fresh = 0;
        int ended = 0;
        for (T each : former) {
            K own = key.apply(each);
            while (fresh < put.size() && key.apply(put.get(fresh)).compareTo(own) < 0) {
                merged.add(put.get(fresh++));
            }
            if (fresh < put.size() && key.apply(put.get(fresh)).equals(own)) {
                merged.add(put.get(fresh++));
            } else if (ended < gone.size() && gone.get(ended).equals(own)) {
                ended++;
            } else {
                merged.add(each);
            }
        }
        merged.addAll(put.subList(fresh, put.size()));
        return merged;
    }
}
