package io.panal.node.containers;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an image says about itself and the containers made from it.
///
/// @param id      digest of this configuration: the image's id, as docker shows it
/// @param layers  digests of its unpacked layers, lowest first
/// @param volumes paths that want a volume
/// @param ports   `port/protocol`
/// @param source  the JSON itself, as it came
public record ImageConfiguration(
        String id,
        String architecture,
        String operatingSystem,
        String created,
        List<String> layers,
        ImageProcess process,
        List<String> ports,
        List<String> volumes,
        Map<String, String> labels,
        Optional<Health> health,
        String source) {
    /// What runs when nothing else is asked.
    public record ImageProcess(
            List<String> entrypoint,
            List<String> command,
            List<String> environment,
            String directory,
            String user,
            String stopSignal) {
        public ImageProcess {
            entrypoint = List.copyOf(entrypoint);
            command = List.copyOf(command);
            environment = List.copyOf(environment);
        }
    }

    /// How to ask a container whether it is well. Nanoseconds, zero for docker's default.
    public record Health(List<String> test, long intervalNanos, long timeoutNanos, long startPeriodNanos, int retries) {
        public Health {
            test = List.copyOf(test);
        }
    }

    public ImageConfiguration {
        layers = List.copyOf(layers);
        ports = List.copyOf(ports);
        volumes = List.copyOf(volumes);
        labels = Map.copyOf(labels);
    }
}
