package io.panal.program;

import io.panal.cli.Rehearsal;
import io.panal.cli.machine.MachineRehearsal;
import java.io.IOException;

/// Runs commands once after a build, so that the classes they load are kept linked in a cache.
///
/// Every class of a cache is loaded at each start: the docker commands have one of their own, without the machines.
public final class CommandRehearsal {
    private CommandRehearsal() {}

    /// @param words `machine` when the machines' commands and TLS are to be in the cache too
    public static void main(String[] words) throws IOException {
        Rehearsal.run(Main.commands());
        if (words.length > 0) {
            MachineRehearsal.run();
        }
    }
}
