package io.panal.machines.host;

import io.panal.machines.model.Execution;
import io.panal.machines.model.Machine;
import io.panal.machines.model.MachineName;
import io.panal.machines.model.Site;
import io.panal.machines.model.Subnet;
import io.panal.machines.store.Folder;
import io.panal.machines.store.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/// One machine in this host's kernel, found by its name: nothing here depends on what an earlier process remembered.
///
/// Methods that change something are called under the machine's lock.
public final class LocalHost {
    /// The daemon's own time to stop and docker's grace for what runs besides, with room for a loaded host.
    private static final Duration ORDERLY = Duration.ofSeconds(40);
    private static final Duration UNPLUGGED = Duration.ofSeconds(10);

    private final Site site;
    private final MachineName name;
    private final Folder folder;

    public LocalHost(Site site, MachineName name, Folder folder) {
        this.site = site;
        this.name = name;
        this.folder = folder;
    }

    /// The machine's first process, as the host numbers it.
    ///
    /// A number alone may have been given to another process since; one in the machine's control group is ours.
    ///
    /// @return empty when the machine does not run
    public OptionalLong process() throws IOException {
        try {
            var text = Files.readString(StartScript.pidFile(site, name)).strip();
            if (!text.isEmpty() && ControlGroups.holds(group(), Long.parseLong(text))) {
                return OptionalLong.of(Long.parseLong(text));
            }
            return OptionalLong.empty();
        } catch (NoSuchFileException never) {
            return OptionalLong.empty();
        }
    }

    /// Makes bundle and namespaces and lets the first process run; what a crash left behind is cleared first.
    public void start(Machine machine) throws IOException {
        clear();
        unplug(machine);
        for (var directory : List.of(folder.root(), folder.disk(), StartScript.runDirectory(site, name))) {
            Files.createDirectories(directory);
        }
        HostFiles.write(machine, folder);
        if (!Files.exists(folder.log())) {
            Files.createFile(folder.log());
        }
        new Bundle(site, machine, folder).write();
        try {
            Command.script(
                    "machine \"%s\" cannot be started".formatted(name),
                    List.of("unshare", "--mount", "--propagation", "private", "/bin/sh", "-e"),
                    new StartScript(site, machine, folder).text());
        } catch (IOException failure) {
            clear();
            throw failure;
        }
    }

    /// Asks the first process to go down in order; pulls the plug when it does not in forty seconds.
    public void stop() throws IOException {
        var process = process();
        if (process.isPresent()) {
            ProcessHandle.of(process.getAsLong()).ifPresent(ProcessHandle::destroy);
            awaitEnd(process.getAsLong(), ORDERLY);
        }
        clear();
    }

    /// Ends every process of the machine at once, and removes what it had in the kernel; safe to repeat.
    public void clear() throws IOException {
        awaitStarter();
        var process = process();
        if (process.isPresent()) {
            // The first process of a pid namespace takes all others with it.
            ProcessHandle.of(process.getAsLong()).ifPresent(ProcessHandle::destroyForcibly);
            awaitEnd(process.getAsLong(), UNPLUGGED);
        }
        // What is left is a start that was cut off before the first process had its number recorded.
        for (var member : ControlGroups.members(group())) {
            ProcessHandle.of(member).ifPresent(ProcessHandle::destroyForcibly);
        }
        ControlGroups.remove(group(), UNPLUGGED);
        Trees.delete(StartScript.runDirectory(site, name));
    }

    /// Removes the machine's disk and everything else of it.
    public void delete() throws IOException {
        clear();
        Trees.delete(folder.path());
    }

    /// Takes the cable of a machine that is down out of the bridge now, instead of when the kernel gets to it.
    public static void unplug(Machine machine) throws IOException {
        var cable = Bridge.cable(machine.address());
        if (Bridge.exists(cable)) {
            Command.run(List.of("ip", "link", "delete", cable), "");
        }
    }

    /// Runs a program in the machine as its root, and collects what it says.
    public Execution execute(List<String> arguments) throws IOException {
        var command = new ArrayList<>(entry(false, List.of()));
        command.addAll(arguments);
        return Command.run(command, "");
    }

    /// The host command that enters the machine; a program and its arguments are to be appended.
    ///
    /// @param terminal    whether the program gets a terminal of its own, fed from the caller's
    /// @param environment `NAME=value` each
    public List<String> entry(boolean terminal, List<String> environment) {
        var runc = StartScript.runc(site, name).toString();
        var entry = new ArrayList<>(List.of(Command.found("runc"), "--root", runc, "exec", "--cwd", "/root"));
        if (terminal) {
            entry.add("--tty");
        }
        for (var variable : environment) {
            entry.addAll(List.of("--env", variable));
        }
        entry.add(name.text());
        return entry;
    }

    /// A killed command's shell script may still be starting the machine.
    private void awaitStarter() throws IOException {
        var lock = StartScript.lock(site, name);
        if (Files.exists(lock)) {
            Command.script(
                    "machine \"%s\" is still being started".formatted(name),
                    List.of("flock", "-w", "60", lock.toString(), "true"),
                    "");
        }
    }

    private void awaitEnd(long process, Duration patience) throws IOException {
        var deadline = System.nanoTime() + patience.toNanos();
        while (ControlGroups.holds(group(), process) && System.nanoTime() < deadline) {
            Pause.briefly();
        }
    }

    private String group() {
        return Bundle.group(site, name);
    }

    /// Makes the network that machines' cables plug into; under the storage's lock.
    public static void ensureNetwork(Site site, Subnet subnet) throws IOException {
        new Bridge(site, subnet).ensure();
    }

    /// Removes the storage's networks but for those in use; under the storage's lock.
    public static void removeNetworks(Site site, Set<Subnet> used) throws IOException {
        Bridge.removeUnused(site, used);
    }

    /// Removes the storage's directory of what must not outlive the host's running.
    public static void removeRunDirectory(Site site) throws IOException {
        Trees.delete(site.runDirectory());
    }

    /// Removes what is kept for all machines, after the last one: an authority that certified nothing is worth nothing.
    public static void removeShared(Storage storage) throws IOException {
        Trees.delete(storage.certificates());
        for (var directory : List.of(storage.path().resolve("machines"), storage.path())) {
            if (isEmpty(directory)) {
                Files.deleteIfExists(directory);
            }
        }
    }

    /// Runs a script that does nothing, and looks at this host's mounts and capabilities.
    public static void rehearse() throws IOException {
        Command.script("rehearsal", List.of("/bin/sh", "-e"), ":\n");
        Mounts.current().toBind(List.of(Path.of("/")), Path.of("/"));
        Capabilities.own();
        ControlGroups.holds("/rehearsal", ProcessHandle.current().pid());
    }

    private static boolean isEmpty(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (var entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }
}
