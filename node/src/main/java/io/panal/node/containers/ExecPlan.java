package io.panal.node.containers;

import java.util.List;
import java.util.Optional;

/// A further process for a running container.
///
/// @param arguments   program first
/// @param environment `NAME=value`, over the container's
/// @param user        `user[:group]`; else the container's
/// @param directory   else the container's
/// @param privileged  all capabilities of the host's root
public record ExecPlan(
        List<String> arguments,
        List<String> environment,
        Optional<String> user,
        Optional<String> directory,
        boolean terminal,
        boolean stdin,
        boolean privileged) {
    public ExecPlan {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
    }

    /// As the container, with both outputs and no input.
    public static ExecPlan of(String... arguments) {
        return new ExecPlan(List.of(arguments), List.of(), Optional.empty(), Optional.empty(), false, false, false);
    }
}
