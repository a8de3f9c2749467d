package io.panal.cli.swarm;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Terminals;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import java.io.IOException;

/// `swarm unlock`.
final class SwarmUnlock implements Command.Action {
    private static final Usage USAGE = Usage.of("panal swarm unlock", "", "Unlock swarm", "", Usage.Arity.NONE);

    private SwarmUnlock() {}

    static Command command() {
        return new Command.Leaf(USAGE, new SwarmUnlock());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        String state = session.engine().get("/info").text("Swarm.LocalNodeState");
        switch (state) {
            case "inactive" -> throw Failure.because("Error: This node is not part of a swarm");
            case "locked" -> {}
            default -> throw Failure.because("Error: swarm is not locked");
        }
        String key = Terminals.secret(session, "Enter unlock key: ");
        session.engine()
                .post("/swarm/unlock", Tree.empty().put("UnlockKey", key).map());
        return 0;
    }
}
