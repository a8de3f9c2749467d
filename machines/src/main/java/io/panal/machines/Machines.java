package io.panal.machines;

import io.panal.machines.host.LocalHost;
import io.panal.machines.host.Requirements;
import io.panal.machines.model.EngineFacts;
import io.panal.machines.model.Execution;
import io.panal.machines.model.Listing;
import io.panal.machines.model.Machine;
import io.panal.machines.model.MachineFailure;
import io.panal.machines.model.MachineName;
import io.panal.machines.model.MachinePlan;
import io.panal.machines.model.MachineState;
import io.panal.machines.model.Progress;
import io.panal.machines.model.Site;
import io.panal.machines.model.Subnet;
import io.panal.machines.store.Exclusive;
import io.panal.machines.store.Folder;
import io.panal.machines.store.Json;
import io.panal.machines.store.Records;
import io.panal.machines.store.Storage;
import io.panal.machines.tls.EngineClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The machines of one storage: made, started, stopped and removed, in any number of threads and processes at once.
///
/// Failures that a user can do something about are [MachineFailure]s, whose message is for the user; other
/// [IOException]s are the host's.
public final class Machines {
    /// The last step of a creation.
    public static final String UP = "Docker is up and running!";

    private final Site site;
    private final Storage storage;
    private final Locks locks;
    private final Creation creation;

    private Machines(Site site) {
        this.site = site;
        this.storage = new Storage(site.storage());
        this.locks = new Locks(site);
        this.creation = new Creation(site, storage);
    }

    /// Opens a storage; nothing is made before the first [#create].
    ///
    /// @throws MachineFailure unless this process runs as root
    public static Machines at(Site site) throws IOException {
        Requirements.requireRoot();
        return new Machines(site);
    }

    /// Makes a machine and waits until its daemon answers on TLS.
    ///
    /// What a killed creation of the same name left behind is cleared first. When the machine cannot be set up,
    /// nothing of it stays; when only its daemon does not answer, it stays, incomplete, for the user to look into.
    public Machine create(MachinePlan plan, Progress progress) throws IOException {
        return creation.one(plan, progress, () -> {});
    }

    /// Makes several machines at once; they get their addresses in the order of the list.
    ///
    /// @throws MachineFailure after the last has ended, with one line for each that could not be made
    public void create(List<MachinePlan> plans, Progress progress) throws IOException {
        creation.all(plans, progress);
    }

    /// Starts a stopped machine, with its old address and data, and waits until its daemon answers.
    ///
    /// @throws MachineFailure when it runs already
    public void start(MachineName name, Progress progress) throws IOException {
        Exclusive.during(locks.own(name), _ -> {
            var machine = existing(name);
            progress.report(name, "Starting \"%s\"...".formatted(name));
            if (host(machine.name()).process().isPresent()) {
                throw new MachineFailure("Machine \"%s\" is already running.".formatted(name));
            }
            bringUp(machine);
            progress.report(name, "Machine \"%s\" was started.".formatted(name));
        });
    }

    /// Lets the daemon and all else in the machine stop in order.
    ///
    /// @throws MachineFailure when it is stopped already
    public void stop(MachineName name, Progress progress) throws IOException {
        Exclusive.during(locks.own(name), _ -> {
            var machine = existing(name);
            progress.report(name, "Stopping \"%s\"...".formatted(name));
            requireRunning(name);
            host(name).stop();
            LocalHost.unplug(machine);
            progress.report(name, "Machine \"%s\" was stopped.".formatted(name));
        });
    }

    /// Pulls the plug.
    ///
    /// @throws MachineFailure when it is stopped already
    public void kill(MachineName name, Progress progress) throws IOException {
        Exclusive.during(locks.own(name), _ -> {
            var machine = existing(name);
            progress.report(name, "Killing \"%s\"...".formatted(name));
            requireRunning(name);
            host(name).clear();
            LocalHost.unplug(machine);
            progress.report(name, "Machine \"%s\" was killed.".formatted(name));
        });
    }

    /// Stops the machine in order when it runs, and starts it.
    public void restart(MachineName name, Progress progress) throws IOException {
        Exclusive.during(locks.own(name), _ -> {
            var machine = existing(name);
            progress.report(name, "Restarting \"%s\"...".formatted(name));
            host(machine.name()).stop();
            bringUp(machine);
            progress.report(name, "Machine \"%s\" was restarted.".formatted(name));
        });
    }

    /// Removes a machine with its disk, running or not, even when its record cannot be read; with the last one, network
    /// and certificates go too.
    public void remove(MachineName name) throws IOException {
        requireExisting(name);
        Exclusive.during(locks.own(name), own -> {
            requireExisting(name);
            new Removal(site, storage).forget(name, own);
        });
    }

    /// Removes the certificates of the machine's server and makes new ones; a running daemon is restarted to take them.
    public void renewCertificate(MachineName name) throws IOException {
        Exclusive.during(locks.own(name), _ -> {
            var machine = existing(name);
            creation.certify(machine);
            var host = host(machine.name());
            if (host.process().isPresent()) {
                host.stop();
                bringUp(machine);
            }
        });
    }

    /// Names in alphabetical order, those of unfinished creations included.
    public List<MachineName> names() throws IOException {
        return List.copyOf(storage.names());
    }

    /// The networks that machines are on.
    public Set<Subnet> subnets() throws IOException {
        var subnets = new LinkedHashSet<Subnet>();
        for (var name : storage.names()) {
            storage.load(name).ifPresent(machine -> subnets.add(machine.plan().subnet()));
        }
        return subnets;
    }

    /// The machine's record.
    ///
    /// @throws MachineFailure when there is none of this name
    public Machine existing(MachineName name) throws IOException {
        requireExisting(name);
        return storage.load(name).orElseThrow(() -> MachineFailure.missing(name.text()));
    }

    /// Whether the machine runs, without asking its engine.
    public MachineState state(MachineName name) throws IOException {
        return state(existing(name));
    }

    /// The machine as `ls` shows it; asks the engine of a running one for its version and role.
    ///
    /// @param timeout for connecting to the engine and for its answer, each
    public Listing listing(MachineName name, Duration timeout) throws IOException {
        var began = System.nanoTime();
        Optional<Machine> record;
        try {
            record = storage.load(name);
        } catch (MachineFailure unreadable) {
            return new Listing(
                    name,
                    Optional.empty(),
                    MachineState.ERROR,
                    Optional.empty(),
                    unreadable.getMessage(),
                    Duration.ZERO);
        }
        if (record.isEmpty()) {
            return new Listing(name, record, MachineState.ERROR, Optional.empty(), unfinished(name), Duration.ZERO);
        }
        var machine = record.orElseThrow();
        var state = state(machine);
        var engine = Optional.<EngineFacts>empty();
        var error = state == MachineState.ERROR ? unfinished(name) : "";
        if (state == MachineState.RUNNING) {
            try {
                var answered = engine(machine, timeout);
                engine = Optional.of(answered);
                error = answered.warning();
            } catch (IOException silent) {
                error = "Unable to query docker version: " + silent.getMessage();
            }
        }
        return new Listing(name, record, state, engine, error, Duration.ofNanos(System.nanoTime() - began));
    }

    /// What `inspect` prints: the record in docker-machine's spelling.
    public Map<String, Object> inspect(MachineName name) throws IOException {
        return Records.write(existing(name), storage);
    }

    /// Asks a running machine's engine what it is.
    public EngineFacts engine(Machine machine, Duration timeout) throws IOException {
        var engine = new InetSocketAddress(machine.address().toString(), Machine.ENGINE_PORT);
        var answer = EngineClient.with(folder(machine).path()).ask(engine, "/info", timeout);
        var facts = Json.read(answer);
        if (!(facts.get("ServerVersion") instanceof String version)) {
            throw new IOException("the engine names no version");
        }
        var role = "";
        if (facts.get("Swarm") instanceof Map<?, ?> swarm && "active".equals(swarm.get("LocalNodeState"))) {
            role = Boolean.TRUE.equals(swarm.get("ControlAvailable")) ? "manager" : "worker";
        }
        var warnings = new ArrayList<String>();
        if (facts.get("Warnings") instanceof List<?> told) {
            told.forEach(each -> warnings.add(String.valueOf(each).replaceFirst("^WARNING: ", "")));
        }
        return new EngineFacts(version, role, String.join("; ", warnings));
    }

    /// Runs a program in a machine as root, with no input, and collects what it says.
    ///
    /// @throws MachineFailure when the machine does not run
    public Execution execute(MachineName name, List<String> arguments) throws IOException {
        return runningHost(name).execute(arguments);
    }

    /// The host command that enters a running machine as root; a program and its arguments are to be appended.
    ///
    /// @param terminal    whether the program gets a terminal, fed from the caller's own
    /// @param environment `NAME=value` each
    public List<String> entry(MachineName name, boolean terminal, List<String> environment) throws IOException {
        return runningHost(name).entry(terminal, environment);
    }

    /// Where a docker client finds ca.pem, cert.pem and key.pem for the machine.
    public Path certificates(MachineName name) {
        return storage.folder(name).path();
    }

    /// What the machine's first process and its daemon say.
    public Path log(MachineName name) {
        return storage.folder(name).log();
    }

    private void bringUp(Machine machine) throws IOException {
        Exclusive.during(
                locks.shared(),
                _ -> LocalHost.ensureNetwork(site, machine.plan().subnet()));
        var readiness = Readiness.of(machine, folder(machine));
        host(machine.name()).start(machine);
        readiness.await();
        if (!machine.complete()) {
            storage.save(machine.completed());
        }
    }

    private MachineState state(Machine machine) throws IOException {
        if (host(machine.name()).process().isPresent()) {
            return MachineState.RUNNING;
        }
        if (machine.complete()) {
            return MachineState.STOPPED;
        }
        return Exclusive.isHeld(locks.own(machine.name())) ? MachineState.STARTING : MachineState.ERROR;
    }

    private static String unfinished(MachineName name) {
        return "its creation was not finished: create it again, or panal machine rm %s".formatted(name);
    }

    private void requireRunning(MachineName name) throws IOException {
        if (host(name).process().isEmpty()) {
            throw new MachineFailure("Machine \"%s\" is already stopped.".formatted(name));
        }
    }

    private LocalHost runningHost(MachineName name) throws IOException {
        var host = host(existing(name).name());
        if (host.process().isEmpty()) {
            throw new MachineFailure("Error: Cannot run SSH command: Host \"%s\" is not running".formatted(name));
        }
        return host;
    }

    private void requireExisting(MachineName name) throws IOException {
        if (!storage.names().contains(name)) {
            throw MachineFailure.missing(name.text());
        }
    }

    private Folder folder(Machine machine) {
        return storage.folder(machine.name());
    }

    private LocalHost host(MachineName name) {
        return new LocalHost(site, name, storage.folder(name));
    }
}
