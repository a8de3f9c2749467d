package io.panal.machines.model;

import java.util.ArrayList;
import java.util.List;

/// What docker-machine's `--engine-...` flags say about the daemon in a machine.
///
/// @param flags         `flag=value` each, passed on as `--flag=value`
/// @param storageDriver empty for the daemon's own choice
public record EngineOptions(
        List<String> flags,
        List<String> environment,
        List<String> insecureRegistries,
        List<String> labels,
        List<String> registryMirrors,
        String storageDriver) {
    public EngineOptions {
        flags = List.copyOf(flags);
        environment = List.copyOf(environment);
        insecureRegistries = List.copyOf(insecureRegistries);
        labels = List.copyOf(labels);
        registryMirrors = List.copyOf(registryMirrors);
    }

    public static EngineOptions none() {
        return new EngineOptions(List.of(), List.of(), List.of(), List.of(), List.of(), "");
    }

    /// The daemon's arguments, in dockerd's words.
    public List<String> arguments() {
        var arguments = new ArrayList<String>();
        labels.forEach(label -> arguments.addAll(List.of("--label", label)));
        insecureRegistries.forEach(registry -> arguments.addAll(List.of("--insecure-registry", registry)));
        registryMirrors.forEach(mirror -> arguments.addAll(List.of("--registry-mirror", mirror)));
        if (!storageDriver.isEmpty()) {
            arguments.addAll(List.of("--storage-driver", storageDriver));
        }
        flags.forEach(flag -> arguments.add("--" + flag));
        return List.copyOf(arguments);
    }
}
