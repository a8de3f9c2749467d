package io.panal.node.containers;

/// Hears what happens to containers, in order, on one thread: it should not stay long.
@FunctionalInterface
public interface ContainerListener {
    void happened(ContainerEvent event);
}
