package io.panal.cli.swarm;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Flag;
import io.panal.cli.command.Help;
import io.panal.cli.command.Session;
import io.panal.cli.command.Terminals;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import java.io.IOException;

/// `swarm update`.
final class SwarmUpdate implements Command.Action {
    private static final Usage USAGE = Usage.of(
            "panal swarm update",
            "[OPTIONS]",
            "Update the swarm",
            "--autolock   Change manager autolocking setting (true|false)\n" + Settings.OPTIONS + Settings.RAFT_OPTIONS,
            Usage.Arity.NONE);

    private SwarmUpdate() {}

    static Command command() {
        return new Command.Leaf(USAGE, new SwarmUpdate());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        boolean asked = false;
        for (Flag flag : USAGE.flags()) {
            asked |= arguments.has(flag.name());
        }
        if (!asked) {
            session.out().print(Help.of(USAGE, Terminals.width() - 1));
            return 0;
        }
        Tree swarm = session.engine().get("/swarm");
        boolean wasLocked = swarm.isTrue("Spec.EncryptionConfig.AutoLockManagers");
        Settings.apply(arguments, swarm.tree("Spec"));
        Settings.send(session.engine(), swarm, Settings.Rotation.NOTHING);
        session.out().println("Swarm updated.");
        if (!wasLocked && swarm.isTrue("Spec.EncryptionConfig.AutoLockManagers")) {
            UnlockKey.print(session, session.engine().get("/swarm/unlockkey").text("UnlockKey"));
        }
        return 0;
    }
}
