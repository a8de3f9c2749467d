package io.panal.machines;

import io.panal.machines.host.LocalHost;
import io.panal.machines.host.Requirements;
import io.panal.machines.model.Address;
import io.panal.machines.model.Machine;
import io.panal.machines.model.MachineFailure;
import io.panal.machines.model.MachineName;
import io.panal.machines.model.MachinePlan;
import io.panal.machines.model.Progress;
import io.panal.machines.model.Site;
import io.panal.machines.store.Exclusive;
import io.panal.machines.store.Folder;
import io.panal.machines.store.Storage;
import io.panal.machines.tls.Authority;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// Makes machines: a record with an address first, so that a creation that is cut off is seen; then certificates and
/// namespaces; complete when the daemon has answered.
final class Creation {
    private final Site site;
    private final Storage storage;
    private final Locks locks;
    private final Removal removal;

    Creation(Site site, Storage storage) {
        this.site = site;
        this.storage = storage;
        this.locks = new Locks(site);
        this.removal = new Removal(site, storage);
    }

    /// Makes several machines at once; they get their addresses in the order of the list.
    ///
    /// @throws MachineFailure after the last has ended, with one line for each that could not be made
    void all(List<MachinePlan> plans, Progress progress) throws IOException {
        var reasons = new ArrayList<String>();
        var outcomes = new ArrayList<Future<Machine>>();
        try (var threads = Workers.perTask()) {
            var before = new CountDownLatch(0);
            for (var plan : plans) {
                var turn = before;
                var registered = new CountDownLatch(1);
                outcomes.add(threads.submit(() -> {
                    try {
                        turn.await();
                        return one(plan, progress, registered::countDown);
                    } finally {
                        registered.countDown();
                    }
                }));
                before = registered;
            }
            for (var outcome : outcomes) {
                reason(outcome).ifPresent(reasons::add);
            }
        }
        if (!reasons.isEmpty()) {
            throw new MachineFailure(String.join("\n", reasons));
        }
    }

    private static Optional<String> reason(Future<Machine> outcome) throws IOException {
        try {
            outcome.get();
            return Optional.empty();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException failure) {
                return Optional.of(String.valueOf(failure.getMessage()));
            }
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            var failure = new InterruptedIOException("interrupted while machines were being made");
            failure.initCause(interrupted);
            throw failure;
        }
    }

    /// @param registered told as soon as the machine has its address
    Machine one(MachinePlan plan, Progress progress, Runnable registered) throws IOException {
        progress.report(plan.name(), "Running pre-create checks...");
        Requirements.check(storage, plan.limits());
        storage.prepare();
        return Exclusive.hold(locks.own(plan.name()), own -> {
            var machine = registered(plan, own);
            registered.run();
            progress.report(plan.name(), "Creating machine...");
            setUp(machine, own, progress).await();
            var completed = machine.completed();
            storage.save(completed);
            progress.report(plan.name(), Machines.UP);
            return completed;
        });
    }

    private Readiness setUp(Machine machine, Exclusive own, Progress progress) throws IOException {
        var name = machine.name();
        try {
            certify(machine);
            var readiness = Readiness.of(machine, folder(machine));
            progress.report(name, "(%s) Starting namespaces at %s...".formatted(name, machine.address()));
            host(name).start(machine);
            progress.report(name, "Checking connection to Docker...");
            return readiness;
        } catch (IOException | RuntimeException failure) {
            removal.forget(name, own);
            throw failure;
        }
    }

    private Machine registered(MachinePlan plan, Exclusive own) throws IOException {
        try {
            return register(plan);
        } catch (IOException | RuntimeException failure) {
            if (!storage.names().contains(plan.name())) {
                own.lastUse();
                removal.dropWhatNobodyUses();
            }
            throw failure;
        }
    }

    private Machine register(MachinePlan plan) throws IOException {
        return Exclusive.hold(locks.shared(), _ -> {
            var taken = new HashSet<Address>();
            for (var name : storage.names()) {
                var other = storage.load(name);
                if (name.isSameHostAs(plan.name())) {
                    clearUnfinished(name, other, plan.name());
                } else {
                    other.map(Machine::address).ifPresent(taken::add);
                }
            }
            var address = plan.subnet()
                    .free(taken)
                    .orElseThrow(() -> new MachineFailure(
                            "no address is left in %s".formatted(plan.subnet().cidr())));
            var machine = new Machine(plan, address, Instant.now(), false);
            LocalHost.ensureNetwork(site, plan.subnet());
            storage.save(machine);
            return machine;
        });
    }

    /// The caller holds the machine's lock, so nobody is at work on it any more.
    private void clearUnfinished(MachineName name, Optional<Machine> record, MachineName wanted) throws IOException {
        if (record.map(Machine::complete).orElse(false) || !name.equals(wanted)) {
            throw MachineFailure.exists(name.text());
        }
        host(name).delete();
    }

    /// Gives a machine certificates, new ones when it has some.
    void certify(Machine machine) throws IOException {
        var authority = Exclusive.hold(locks.shared(), _ -> Authority.in(storage.certificates()));
        var names = new ArrayList<>(
                List.of(machine.address().toString(), machine.name().text(), "localhost", "127.0.0.1"));
        machine.plan().alternativeNames().stream()
                .filter(name -> !names.contains(name))
                .forEach(names::add);
        authority.certify(folder(machine).path(), machine.name().text(), names);
    }

    private Folder folder(Machine machine) {
        return storage.folder(machine.name());
    }

    private LocalHost host(MachineName name) {
        return new LocalHost(site, name, storage.folder(name));
    }
}
