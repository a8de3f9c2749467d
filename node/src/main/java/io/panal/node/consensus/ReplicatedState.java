package io.panal.node.consensus;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// What the log's entries are applied to. All four are called by one thread at a time, never at once.
///
/// Whatever is thrown stops the node: a replica that skipped an entry is no longer one.
public interface ReplicatedState {
    /// Applies a committed entry: total, and the same on every member.
    ///
    /// @param term the term in which the entry's author led
    /// @param index rising by at least one from call to call; gaps are the log's own entries
    void apply(long term, long index, byte[] entry);

    /// Writes the whole state as of the last applied entry.
    void snapshot(OutputStream to) throws IOException;

    /// Replaces the whole state by a snapshot's.
    ///
    /// @param index of the last entry the snapshot holds
    void restore(InputStream from, long index) throws IOException;
}
