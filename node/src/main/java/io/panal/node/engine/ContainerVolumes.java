package io.panal.node.engine;

import io.panal.node.containers.Container;
import io.panal.node.containers.MountPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The volumes that containers are made with, those without a name among them, which go with their container.
final class ContainerVolumes {
    private static final Pattern UNNAMED = Pattern.compile("[0-9a-f]{64}");

    private final Volumes volumes;
    private final EventFeed events;
    private final SecureRandom random = new SecureRandom();

    ContainerVolumes(Volumes volumes, EventFeed events) {
        this.volumes = volumes;
        this.events = events;
    }

    /// Whether nobody gave it a name.
    static boolean isUnnamed(String volume) {
        return UNNAMED.matcher(volume).matches();
    }

    /// A name for a volume that was given none: 64 hexadecimal digits.
    String freshName() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /// The volume of this name, made and told of when there is none; the labels of one that exists stay.
    Volumes.Volume ensure(String name, Map<String, String> labels) throws IOException {
        boolean known = volumes.find(name).isPresent();
        Volumes.Volume volume = volumes.ensure(name, labels);
        if (!known) {
            events.publishVolume("create", name);
        }
        return volume;
    }

    /// Removes a volume with its files, and tells of it.
    void remove(String name) throws IOException {
        if (volumes.find(name).isPresent()) {
            volumes.remove(name);
            events.publishVolume("destroy", name);
        }
    }

    /// Removes the unnamed volumes of a container that is gone, but for those that others have as well.
    void removeUnnamed(Container gone, List<Container> others) throws IOException {
        for (MountPlan mount : gone.plan().mounts()) {
            if (mount instanceof MountPlan.Volume volume) {
                String name = Volumes.nameOf(Path.of(volume.source()));
                if (isUnnamed(name) && others.stream().noneMatch(other -> uses(other, volume.source()))) {
                    remove(name);
                }
            }
        }
    }

    /// Whether a container has the volume whose files are at `data`.
    static boolean uses(Container container, String data) {
        return container.plan().mounts().stream()
                .anyMatch(mount -> mount instanceof MountPlan.Volume volume
                        && volume.source().equals(data));
    }
}
