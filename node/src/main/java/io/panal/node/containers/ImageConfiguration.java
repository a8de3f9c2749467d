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
        Optional<HealthPlan> health,
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

    public ImageConfiguration {
        layers = List.copyOf(layers);
        ports = List.copyOf(ports);
        volumes = List.copyOf(volumes);
        labels = Map.copyOf(labels);
    }
}
