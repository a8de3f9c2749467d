package io.panal.node.containers;

import java.time.Instant;

/// A container as it is now.
///
/// @param image digest of the image's manifest it was made from, whatever its name points to now
public record Container(ContainerPlan plan, String image, Instant createdAt, ContainerState state) {
    public String id() {
        return plan.id();
    }
}
