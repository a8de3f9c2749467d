package io.panal.machines.host;

import io.panal.machines.model.MachineFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Directories with all that is in them.
final class Trees {
    private Trees() {}

    /// Deletes a directory, staying on its file system; a missing one is fine.
    ///
    /// A machine's disk holds tens of thousands of files: `rm` is several times faster than a walk of ours.
    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        var result = Command.run(List.of("rm", "-rf", "--one-file-system", directory.toString()), "");
        if (result.status() != 0) {
            throw new MachineFailure(
                    "cannot remove %s: %s".formatted(directory, result.errors().strip()));
        }
    }
}
