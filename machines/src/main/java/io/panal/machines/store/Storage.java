package io.panal.machines.store;

import io.panal.machines.model.Machine;
import io.panal.machines.model.MachineFailure;
import io.panal.machines.model.MachineName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The directory of machines: one folder each, with the record in it.
public final class Storage {
    private static final Set<StandardOpenOption> WRITING =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path path;

    public Storage(Path path) {
        this.path = path;
    }

    public Path path() {
        return path;
    }

    /// The authority and the client's key, shared by all machines of this storage.
    public Path certificates() {
        return path.resolve("certs");
    }

    public Folder folder(MachineName name) {
        return new Folder(path.resolve("machines").resolve(name.text()));
    }

    /// Makes the directories, readable by root only: they hold private keys.
    public void prepare() throws IOException {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        var missing = new ArrayList<Path>();
        for (var directory : List.of(path, path.resolve("machines"), certificates())) {
            if (!Files.isDirectory(directory)) {
                missing.add(directory);
            }
        }
        for (var directory : missing) {
            Files.createDirectories(directory, ownerOnly);
        }
    }

    /// Names in alphabetical order, those with an unreadable record included.
    public Set<MachineName> names() throws IOException {
        var names = new TreeSet<MachineName>();
        var machines = path.resolve("machines");
        if (!Files.isDirectory(machines)) {
            return names;
        }
        try (var entries = Files.newDirectoryStream(machines, Files::isDirectory)) {
            for (var entry : entries) {
                names.add(MachineName.of(entry.getFileName().toString()));
            }
        } catch (MachineFailure foreign) {
            throw new MachineFailure(
                    "%s holds a directory that is no machine: %s".formatted(machines, foreign.getMessage()), foreign);
        }
        return names;
    }

    /// The record.
    ///
    /// @return empty when there is none, as when a creation was cut off in its first moments
    public Optional<Machine> load(MachineName name) throws IOException {
        try {
            return Optional.of(Records.read(Files.readString(folder(name).record())));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (JsonUnreadable unreadable) {
            throw new MachineFailure(
                    "the record of machine \"%s\" cannot be read (%s): %s. Remove it with \"panal machine rm -f %s\""
                            .formatted(name, folder(name).record(), unreadable.getMessage(), name),
                    unreadable);
        }
    }

    /// Replaces the record in one step.
    public void save(Machine machine) throws IOException {
        var folder = folder(machine.name());
        Files.createDirectories(folder.path());
        writeWhole(folder.record(), Json.pretty(Records.write(machine, this)) + "\n");
    }

    /// Readers see the old text or the new one, also when the host loses power in between.
    public static void writeWhole(Path file, String text) throws IOException {
        var draft = file.resolveSibling(file.getFileName() + ".new");
        try (var channel = FileChannel.open(draft, WRITING, OWNER_ONLY)) {
            var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
