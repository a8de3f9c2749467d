package io.panal.cli.machine;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage.Arity;
import io.panal.machines.Machines;
import io.panal.machines.model.MachineName;
import io.panal.machines.model.Progress;
import java.io.IOException;

/// `start`, `stop`, `restart` and `kill`, of all machines named at once.
final class PowerCommand implements Command.Action {
    private final Change change;

    private PowerCommand(Change change) {
        this.change = change;
    }

    @FunctionalInterface
    private interface Change {
        void apply(Machines machines, MachineName name, Progress progress) throws IOException;
    }

    static Command start() {
        return command("start", "Start a machine", Machines::start);
    }

    static Command stop() {
        return command("stop", "Stop a machine", Machines::stop);
    }

    static Command restart() {
        return command("restart", "Restart a machine", Machines::restart);
    }

    static Command kill() {
        return command("kill", "Kill (abruptly force stop) a machine", Machines::kill);
    }

    private static Command command(String name, String summary, Change change) {
        return new Command.Leaf(
                Storages.usage(name, "[OPTIONS] [NAME...]", summary, "", Arity.ANY), new PowerCommand(change));
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        var machines = Storages.open(arguments, session);
        var names = Storages.named(arguments, machines);
        var progress = Together.printing(session.out(), names.size());
        Together.apply(names, name -> change.apply(machines, name, progress));
        return 0;
    }
}
