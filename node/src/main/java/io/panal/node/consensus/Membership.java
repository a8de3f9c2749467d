package io.panal.node.consensus;

import java.util.List;

/// Who the members are, as one of them knows for certain: committed, and no change under way.
///
/// @param index of the log's entry that says so; the higher one is newer
/// @param members their ids
public record Membership(long index, List<String> members) {
    public Membership {
        members = List.copyOf(members);
    }

    boolean holdsNode(String nodeId) {
        return members.stream().map(Member::nodeOf).anyMatch(nodeId::equals);
    }
}
