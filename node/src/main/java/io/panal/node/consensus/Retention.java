package io.panal.node.consensus;

/// When snapshots are taken, and what is kept of the past.
///
/// @param snapshotEntries how many entries are applied from one snapshot to the next, from 1
/// @param oldSnapshots how many are kept beside the newest
/// @param entriesForSlowFollowers how many entries before a snapshot stay in the log for members that lack them; who
/// lags further behind is given the snapshot
public record Retention(long snapshotEntries, long oldSnapshots, long entriesForSlowFollowers) {
    /// When the cluster says nothing else, as in swarmkit.
    public static final Retention DEFAULT = new Retention(10_000, 0, 500);

    public Retention {
        if (snapshotEntries < 1 || oldSnapshots < 0 || entriesForSlowFollowers < 0) {
            throw new IllegalArgumentException(
                    "no retention: %d, %d, %d".formatted(snapshotEntries, oldSnapshots, entriesForSlowFollowers));
        }
    }
}
