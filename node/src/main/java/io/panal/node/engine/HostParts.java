package io.panal.node.engine;

import io.panal.node.containers.Containers;

/// What the calls about containers share.
record HostParts(
        Containers containers,
        ContainerLookup lookup,
        ContainerPortraits portraits,
        ContainerWatch watch,
        ContainerNetworks networks,
        ContainerVolumes volumes) {}
