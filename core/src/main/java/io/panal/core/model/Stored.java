package io.panal.core.model;

/// An object of the cluster's state.
///
/// @param <T> its own kind
public sealed interface Stored<T extends Stored<T>>
        permits Cluster, Config, Guest, Network, Node, Revision, Secret, Service, Task {
    Id<T> id();

    Meta meta();

    /// The same object as of another change; called by the store when it applies one.
    T stamped(Meta meta);
}
