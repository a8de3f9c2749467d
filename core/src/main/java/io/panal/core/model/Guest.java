package io.panal.core.model;

/// A container that a user runs by itself, on a network of the swarm: the lease of its addresses there.
///
/// It lives as long as its node says that the container is there.
///
/// @param id made by the node that asks
/// @param container as its node calls it; with the node and the network it is whose lease this is
/// @param attachment its addresses, and the names that it is found by, its own first
public record Guest(Id<Guest> id, Meta meta, Id<Node> node, String container, Task.Attachment attachment)
        implements Stored<Guest> {
    public static Guest arrived(Id<Guest> id, Id<Node> node, String container, Task.Attachment attachment) {
        return new Guest(id, Meta.UNSTAMPED, node, container, attachment);
    }

    public Id<Network> network() {
        return attachment.network();
    }

    @Override
    public Guest stamped(Meta stamp) {
        return new Guest(id, stamp, node, container, attachment);
    }
}
