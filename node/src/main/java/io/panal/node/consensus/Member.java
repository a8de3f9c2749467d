package io.panal.node.consensus;

/// A node that holds the log.
///
/// @param id `NODE.n`: the node and which membership of it, since an emptied log must not come back under
///     its old id
/// @param address `host:port` where it answers other managers
public record Member(String id, String address) {
    /// The node whose membership this is.
    public String nodeId() {
        return nodeOf(id);
    }

    static String nodeOf(String memberId) {
        int dot = memberId.indexOf('.');
        return dot < 0 ? memberId : memberId.substring(0, dot);
    }
}
