package io.panal.core.model;

import java.time.Instant;

/// What every object carries: its version in the cluster-wide counter, and its times.
///
/// Stamped when a change is applied, by the store alone.
public record Meta(Version version, Instant createdAt, Instant updatedAt) {
    /// Of an object that no change has stamped yet.
    public static final Meta UNSTAMPED = new Meta(new Version(0), Instant.EPOCH, Instant.EPOCH);

    /// One counter for the whole cluster; an update names the version it was made from.
    public record Version(long index) {}

    public Meta stamped(long index, Instant at) {
        return new Meta(new Version(index), createdAt.equals(Instant.EPOCH) ? at : createdAt, at);
    }
}
