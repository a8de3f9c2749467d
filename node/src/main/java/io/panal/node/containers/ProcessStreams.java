package io.panal.node.containers;

import io.panal.node.kernel.Fifos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The named pipes of one process, as its shim is told them.
///
/// @param input  empty path when the process has no input
/// @param error  empty path when both outputs are one, as on a terminal
record ProcessStreams(String input, String output, String error) {
    /// Names the pipes without making them.
    ///
    /// @param prefix tells the processes of one container apart
    static ProcessStreams in(Path directory, String prefix, boolean terminal, boolean stdin) {
        return new ProcessStreams(
                stdin ? directory.resolve(prefix + "stdin").toString() : "",
                directory.resolve(prefix + "stdout").toString(),
                terminal ? "" : directory.resolve(prefix + "stderr").toString());
    }

    void make() throws IOException {
        for (var path : new String[] {input, output, error}) {
            if (!path.isEmpty()) {
                Fifos.make(Path.of(path));
            }
        }
    }

    void remove() throws IOException {
        for (var path : new String[] {input, output, error}) {
            if (!path.isEmpty()) {
                Files.deleteIfExists(Path.of(path));
            }
        }
    }
}
