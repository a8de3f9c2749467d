package io.panal.core.store;

import java.time.Instant;
import java.util.List;

/// What one turn changes: one entry of the log.
///
/// @param at the leader's clock, as all objects are stamped
public record Batch(Instant at, List<Change> changes) {
    public Batch {
        changes = List.copyOf(changes);
    }
}
