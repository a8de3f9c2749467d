package io.panal.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// The name of one object of a kind: 25 characters of base 36, as the Engine API has them.
///
/// @param <T> the kind it names, so that a task's id is never taken for a node's
public record Id<T>(@JsonValue String value) implements Comparable<Id<T>> {
    @JsonCreator
    public Id {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("an id has at least one character");
        }
    }

    @Override
    public int compareTo(Id<T> other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
