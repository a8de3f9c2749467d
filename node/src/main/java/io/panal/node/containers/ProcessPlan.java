package io.panal.node.containers;

import java.util.List;
import java.util.Optional;

/// What runs in a container. What is empty is as the image says.
///
/// @param entrypoint  replaces the image's, and then the image's command is forgotten too, as docker does
/// @param command     replaces the image's command
/// @param environment `NAME=value`, over the image's; `NAME` alone removes it
/// @param user        `user[:group]`, names or numbers
/// @param terminal    give it a pseudo terminal: one stream instead of two
/// @param stdin       keep its input open for [Containers#attach]; without, it reads an empty input
public record ProcessPlan(
        Optional<List<String>> entrypoint,
        Optional<List<String>> command,
        List<String> environment,
        Optional<String> directory,
        Optional<String> user,
        Optional<String> stopSignal,
        boolean terminal,
        boolean stdin) {
    public ProcessPlan {
        entrypoint = entrypoint.map(List::copyOf);
        command = command.map(List::copyOf);
        environment = List.copyOf(environment);
    }

    /// All as the image says.
    public static ProcessPlan ofImage() {
        return new ProcessPlan(
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false);
    }

    /// As the image says but for its command.
    public static ProcessPlan ofCommand(String... command) {
        return ofImage().running(List.of(command));
    }

    ProcessPlan running(List<String> other) {
        return new ProcessPlan(
                entrypoint, Optional.of(other), environment, directory, user, stopSignal, terminal, stdin);
    }
}
