package io.panal.cli.machine;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.command.Usage.Arity;
import io.panal.machines.Machines;
import io.panal.machines.model.MachineFailure;
import io.panal.machines.model.MachineName;
import io.panal.machines.model.Site;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where a command finds its machines, and which of them it means.
final class Storages {
    /// The machine that a command means when none is named, as docker-machine has it.
    private static final String DEFAULT_NAME = "default";

    static final String OPTION =
            "-s, --storage-path string   Configures storage path [$MACHINE_STORAGE_PATH] (default \"/var/lib/panal-machines\")\n";

    private Storages() {}

    /// A command's usage with the options that all have.
    static Usage usage(String name, String operands, String summary, String options, Arity arity) {
        return Usage.of("panal machine " + name, operands, summary, options + OPTION, arity);
    }

    static Machines open(Arguments arguments, Session session) throws IOException {
        return Machines.at(site(arguments, session));
    }

    private static Site site(Arguments arguments, Session session) throws MachineFailure {
        var wanted = arguments.text("storage-path", session.variable("MACHINE_STORAGE_PATH"));
        var storage = wanted.isEmpty() ? Site.DEFAULT_STORAGE : Path.of(wanted);
        var home = session.variable("PANAL_HOME");
        if (home.isEmpty()) {
            throw new MachineFailure("PANAL_HOME is not set: start this program by its launcher, panal");
        }
        return Site.installed(storage, Path.of(home));
    }

    /// The machines named, or the one called `default`.
    static List<MachineName> named(Arguments arguments, Machines machines) throws Failure, IOException {
        var names = new ArrayList<MachineName>();
        for (var operand : arguments.operands()) {
            names.add(existing(operand, machines));
        }
        if (names.isEmpty()) {
            names.add(otherwise(machines));
        }
        return names;
    }

    /// The one machine named, or the one called `default`.
    static MachineName one(Arguments arguments, Machines machines) throws Failure, IOException {
        if (arguments.operands().size() > 1) {
            throw Failure.because("Error: Expected one machine name as an argument");
        }
        return named(arguments, machines).getFirst();
    }

    /// A name that cannot be a machine's is one that does not exist.
    static MachineName existing(String operand, Machines machines) throws IOException {
        for (var name : machines.names()) {
            if (name.text().equals(operand)) {
                return name;
            }
        }
        throw MachineFailure.missing(operand);
    }

    private static MachineName otherwise(Machines machines) throws Failure, IOException {
        for (var name : machines.names()) {
            if (name.text().equals(DEFAULT_NAME)) {
                return name;
            }
        }
        throw Failure.because(
                "Error: No machine name(s) specified and no \"%s\" machine exists".formatted(DEFAULT_NAME));
    }
}
