package io.panal.cli.machine;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage.Arity;
import io.panal.machines.Machines;
import io.panal.machines.model.MachineName;
import io.panal.machines.model.MachineState;
import java.io.IOException;

/// `machine env`: a shell's commands that point the docker client at a machine, or away from it.
final class EnvCommand implements Command.Action {
    private static final String OPTIONS = """
            --no-proxy       Add machine IP to NO_PROXY environment variable
            --shell string   Force environment to be configured for a specified shell: [fish, cmd, powershell, tcsh, emacs], default is auto-detect
            --swarm          Classic Swarm (accepted, not used)
            -u, --unset      Unset variables instead of setting them
            """;

    private EnvCommand() {}

    static Command command() {
        return new Command.Leaf(
                Storages.usage(
                        "env",
                        "[OPTIONS] [NAME]",
                        "Display the commands to set up the environment for the Docker client",
                        OPTIONS,
                        Arity.ANY),
                new EnvCommand());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        var shell = Shell.of(arguments.text("shell", session.variable("SHELL")));
        if (arguments.isOn("unset")) {
            if (!arguments.operands().isEmpty()) {
                throw Failure.because("Error: Expected no machine name when the -u flag is present");
            }
            session.out().print(unset(shell, arguments, session));
            return 0;
        }
        if (arguments.operands().size() > 1) {
            throw Failure.because("Error: Expected one machine name as an argument");
        }
        var machines = Storages.open(arguments, session);
        var name = Storages.one(arguments, machines);
        if (machines.state(name) != MachineState.RUNNING) {
            throw Failure.because("Error checking TLS connection: Host is not running");
        }
        session.out().print(set(shell, machines, name, new Proxy(arguments, session)));
        return 0;
    }

    private static String set(Shell shell, Machines machines, MachineName name, Proxy proxy) throws IOException {
        var machine = machines.existing(name);
        var text = shell.set("DOCKER_TLS_VERIFY", "1")
                + shell.set("DOCKER_HOST", machine.url())
                + shell.set("DOCKER_CERT_PATH", machines.certificates(name).toString())
                + shell.set("DOCKER_MACHINE_NAME", name.text());
        if (proxy.isWanted()) {
            text += shell.set(proxy.variable(), proxy.listWith(machine.address().toString()));
        }
        return text + shell.hint(line(proxy.arguments()));
    }

    private static String unset(Shell shell, Arguments arguments, Session session) {
        var text = shell.unset("DOCKER_TLS_VERIFY")
                + shell.unset("DOCKER_HOST")
                + shell.unset("DOCKER_CERT_PATH")
                + shell.unset("DOCKER_MACHINE_NAME");
        var proxy = new Proxy(arguments, session);
        if (proxy.isWanted()) {
            text += shell.unset(proxy.variable());
        }
        return text + shell.hint(line(arguments));
    }

    /// The command as it was typed, for the hint.
    private static String line(Arguments arguments) {
        var line = new StringBuilder("panal machine env");
        for (var flag : arguments.usage().flags()) {
            for (var value : arguments.all(flag.name())) {
                line.append(flag.shorthand().isEmpty() ? " --" + flag.name() : " -" + flag.shorthand());
                line.append(flag.type().isEmpty() ? "" : " " + value);
            }
        }
        arguments.operands().forEach(operand -> line.append(' ').append(operand));
        return line.toString();
    }

    /// The list of hosts that are reached without a proxy; a lower-case variable that is there already is kept.
    private record Proxy(Arguments arguments, Session session) {
        boolean isWanted() {
            return arguments.isOn("no-proxy");
        }

        String variable() {
            return session.variable("no_proxy").isEmpty() ? "NO_PROXY" : "no_proxy";
        }

        String listWith(String address) {
            var list = session.variable(variable());
            if (list.isEmpty()) {
                return address;
            }
            for (var host : list.split(",", -1)) {
                if (host.equals(address)) {
                    return list;
                }
            }
            return list + "," + address;
        }
    }
}
