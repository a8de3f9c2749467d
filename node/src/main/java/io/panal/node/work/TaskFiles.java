package io.panal.node.work;

import io.panal.core.agent.Assignment;
import io.panal.core.model.ContainerSpec;
import io.panal.core.model.ContainerSpec.FileTarget;
import io.panal.core.model.Id;
import io.panal.core.model.Task;
import io.panal.node.containers.ContainersException;
import io.panal.node.containers.MountPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Secrets and configs of tasks as files: in memory only, gone with the task.
///
/// @param directory on a tmpfs
record TaskFiles(Path directory) {
    private static final int READABLE = 0444;
    private static final int PERMISSIONS = 07777;

    /// One file for each mention of a secret or config: two of one secret may differ in owner and mode.
    ///
    /// @return where the container finds each
    /// @throws ContainersException when an owner is not a number
    List<MountPlan> write(Assignment order, ContainerSpec spec) throws IOException {
        List<MountPlan> mounts = new ArrayList<>();
        for (ContainerSpec.SecretReference secret : spec.secrets()) {
            FileTarget target = secret.file().orElseGet(() -> plain(secret.secretName()));
            write(mounts, order, secret.secretId(), target, "/run/secrets/");
        }
        for (ContainerSpec.ConfigReference config : spec.configs()) {
            FileTarget target = config.file().orElseGet(() -> plain(config.configName()));
            write(mounts, order, config.configId(), target, "/");
        }
        return mounts;
    }

    private static FileTarget plain(String name) {
        return new FileTarget(name, "", "", READABLE);
    }

    private void write(List<MountPlan> mounts, Assignment order, String id, FileTarget target, String parent)
            throws IOException {
        Optional<String> content = Optional.ofNullable(order.files().get(id));
        if (content.isEmpty()) {
            return;
        }
        Path own = Files.createDirectories(directory.resolve(order.task().value()));
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx--x--x"));
        Path path = own.resolve("%d-%s".formatted(mounts.size(), id));
        Files.deleteIfExists(path);
        Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(path, Base64.getDecoder().decode(content.get()));
        Files.setAttribute(path, "unix:uid", owner(target.uid()));
        Files.setAttribute(path, "unix:gid", owner(target.gid()));
        Files.setAttribute(path, "unix:mode", target.mode() & PERMISSIONS);
        String place = target.name().startsWith("/") ? target.name() : parent + target.name();
        mounts.add(new MountPlan.Bind(path.toString(), place, true, ""));
    }

    private static int owner(String text) throws ContainersException {
        try {
            return text.isEmpty() ? 0 : Integer.parseUnsignedInt(text);
        } catch (NumberFormatException _) {
            throw new ContainersException(
                    ContainersException.Reason.INVALID,
                    "the owner of a secret or config is a number, not \"%s\"".formatted(text));
        }
    }

    void remove(Id<Task> task) throws IOException {
        Path own = directory.resolve(task.value());
        if (Files.isDirectory(own)) {
            List<Path> files;
            try (Stream<Path> listed = Files.list(own)) {
                files = listed.toList();
            }
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(own);
        }
    }
}
