package io.panal.node.containers;

import java.time.Instant;
import java.util.Optional;

/// A container as it is now.
///
/// @param image digest of the image's manifest it was made from, whatever its name points to now
/// @param health empty without a health check, and before its first start
public record Container(
        ContainerPlan plan, String image, Instant createdAt, ContainerState state, Optional<Health> health) {
    public String id() {
        return plan.id();
    }
}
