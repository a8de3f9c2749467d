package io.panal.core.manager.scheduler;

import io.panal.core.model.Node;
import io.panal.core.model.TaskSpec;
import java.util.List;
import java.util.Locale;

/// What a node must be to run a task, whatever else runs there.
public final class Filters {
    private Filters() {}

    /// Whether a node takes new tasks at all.
    public static boolean takesTasks(Node node) {
        return node.status().state() == Node.State.READY && node.spec().availability() == Node.Availability.ACTIVE;
    }

    /// Whether the image is built for the node; a spec that names no platform runs anywhere.
    public static boolean runsOn(TaskSpec spec, Node node) {
        List<TaskSpec.Platform> platforms =
                spec.placement().map(TaskSpec.Placement::platforms).orElse(List.of());
        return platforms.isEmpty()
                || node.description()
                        .filter(said -> platforms.stream().anyMatch(wanted -> fits(wanted, said.platform())))
                        .isPresent();
    }

    private static boolean fits(TaskSpec.Platform wanted, TaskSpec.Platform own) {
        return fits(wanted.os(), own.os())
                && fits(architecture(wanted.architecture()), architecture(own.architecture()));
    }

    private static boolean fits(String wanted, String own) {
        return wanted.isEmpty() || wanted.equalsIgnoreCase(own);
    }

    /// The kernel's and the images' names of one thing.
    private static String architecture(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            case String other -> other;
        };
    }
}
