package io.panal.node.engine;

import io.panal.node.containers.ImageConfiguration;
import io.panal.node.containers.MountPlan;
import io.panal.node.http.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// What is mounted into a container: `-v`, `--mount`, `--tmpfs`, and the volumes its image wants.
final class ContainerMounts {
    private final ContainerVolumes volumes;

    ContainerMounts(ContainerVolumes volumes) {
        this.volumes = volumes;
    }

    List<MountPlan> of(ContainerDetails details, ImageConfiguration image) throws IOException {
        Map<String, MountPlan> mounts = new LinkedHashMap<>();
        JsonNode host = details.hostConfig();
        for (String bind : ContainerCreation.texts(host.path("Binds"))) {
            add(mounts, bind(bind));
        }
        for (JsonNode mount : host.path("Mounts")) {
            add(mounts, mount(mount));
        }
        for (var entry : host.path("Tmpfs").properties()) {
            add(mounts, new MountPlan.Memory(entry.getKey(), 0, 0));
        }
        for (var entry : details.config().path("Volumes").properties()) {
            anonymous(mounts, entry.getKey());
        }
        for (String target : image.volumes()) {
            anonymous(mounts, target);
        }
        return List.copyOf(mounts.values());
    }

    private static void add(Map<String, MountPlan> mounts, MountPlan mount) throws Refusal {
        if (!mount.target().startsWith("/")) {
            throw new Refusal(400, "invalid mount path: '%s' mount path must be absolute".formatted(mount.target()));
        }
        if (mounts.putIfAbsent(mount.target(), mount) != null) {
            throw new Refusal(400, "Duplicate mount point: " + mount.target());
        }
    }

    private void anonymous(Map<String, MountPlan> mounts, String target) throws IOException {
        if (!mounts.containsKey(target)) {
            mounts.put(target, new MountPlan.Volume(fresh(Map.of()), target, false, true));
        }
    }

    private String fresh(Map<String, String> labels) throws IOException {
        return volumes.ensure(volumes.freshName(), labels).data().toString();
    }

    /// `source:target[:options]`; a source that is no path is a volume's name.
    private MountPlan bind(String text) throws IOException {
        String[] parts = text.split(":", 3);
        if (parts.length == 1) {
            return new MountPlan.Volume(fresh(Map.of()), parts[0], false, true);
        }
        List<String> options = parts.length == 3 ? List.of(parts[2].split(",")) : List.of();
        boolean readOnly = options.contains("ro");
        if (parts[0].startsWith("/")) {
            // With -v, dockerd makes a directory that is not there.
            Files.createDirectories(existing(Path.of(parts[0])));
            return new MountPlan.Bind(parts[0], parts[1], readOnly, propagation(options));
        }
        VolumeCalls.refuseNoName(parts[0]);
        String data = volumes.ensure(parts[0], Map.of()).data().toString();
        return new MountPlan.Volume(data, parts[1], readOnly, !options.contains("nocopy"));
    }

    /// The path itself when it is to be made, or what surely exists when it is a file.
    private static Path existing(Path path) {
        return Files.exists(path) ? Path.of("/") : path;
    }

    private static String propagation(List<String> options) {
        return options.stream()
                .filter(option -> option.endsWith("private") || option.endsWith("shared") || option.endsWith("slave"))
                .findFirst()
                .orElse("");
    }

    private MountPlan mount(JsonNode mount) throws IOException {
        String type = mount.path("Type").asString("");
        String source = mount.path("Source").asString("");
        String target = mount.path("Target").asString("");
        boolean readOnly = mount.path("ReadOnly").asBoolean(false);
        return switch (type) {
            case "bind" -> {
                if (!Files.exists(Path.of(source))) {
                    throw new Refusal(
                            400, "invalid mount config for type \"bind\": bind source path does not exist: " + source);
                }
                yield new MountPlan.Bind(
                        source,
                        target,
                        readOnly,
                        mount.path("BindOptions").path("Propagation").asString(""));
            }
            case "volume" -> {
                Map<String, String> labels = new TreeMap<>();
                mount.path("VolumeOptions")
                        .path("Labels")
                        .properties()
                        .forEach(entry ->
                                labels.put(entry.getKey(), entry.getValue().asString("")));
                if (!source.isEmpty()) {
                    VolumeCalls.refuseNoName(source);
                }
                String data = source.isEmpty()
                        ? fresh(labels)
                        : volumes.ensure(source, labels).data().toString();
                boolean copy = !mount.path("VolumeOptions").path("NoCopy").asBoolean(false);
                yield new MountPlan.Volume(data, target, readOnly, copy);
            }
            case "tmpfs" -> {
                JsonNode options = mount.path("TmpfsOptions");
                yield new MountPlan.Memory(
                        target,
                        options.path("SizeBytes").asLong(0),
                        options.path("Mode").asInt(0));
            }
            default ->
                throw new Refusal(400, "invalid mount config for type \"%s\": mount type unknown".formatted(type));
        };
    }
}
