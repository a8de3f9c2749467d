package io.panal.cli.swarm;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import java.io.IOException;

/// `swarm unlock-key`.
final class UnlockKey implements Command.Action {
    private static final Usage USAGE =
            Usage.of("panal swarm unlock-key", "[OPTIONS]", "Manage the unlock key", """
            -q, --quiet   Only display token
            --rotate   Rotate unlock key
            """, Usage.Arity.NONE);

    private UnlockKey() {}

    static Command command() {
        return new Command.Leaf(USAGE, new UnlockKey());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        boolean quiet = arguments.isOn("quiet");
        if (arguments.isOn("rotate")) {
            Tree swarm = session.engine().get("/swarm");
            if (!swarm.isTrue("Spec.EncryptionConfig.AutoLockManagers")) {
                throw Failure.because("cannot rotate because autolock is not turned on");
            }
            Settings.send(session.engine(), swarm, Settings.Rotation.UNLOCK_KEY);
            if (!quiet) {
                session.out().println("Successfully rotated manager unlock key.");
            }
        }
        String key = fetch(session);
        if (key.isEmpty()) {
            throw Failure.because("no unlock key is set");
        }
        if (quiet) {
            session.out().println(key);
        } else {
            print(session, key);
        }
        return 0;
    }

    private static String fetch(Session session) throws Failure, IOException {
        try {
            return session.engine().get("/swarm/unlockkey").text("UnlockKey");
        } catch (IOException refused) {
            throw Failure.because("could not fetch unlock key: " + refused.getMessage());
        }
    }

    /// Prints what the key is for; nothing when there is none.
    static void print(Session session, String key) {
        if (!key.isEmpty()) {
            session.out().print("""
                    To unlock a swarm manager after it restarts, run the `panal swarm unlock`
                    command and provide the following key:

                        %s

                    Remember to store this key in a password manager, since without it you
                    will not be able to restart the manager.
                    """.formatted(key));
        }
    }
}
