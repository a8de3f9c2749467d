package io.panal.node.build;

import io.panal.node.containers.Containers;
import io.panal.node.containers.OutputReceiver;
import io.panal.node.containers.StoredImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a user asks to be built, and what a build needs of its surroundings.
///
/// @param dockerfile its text
/// @param context    an archive that is not compressed; only read
/// @param arguments  `--build-arg`
/// @param labels     added at the end
/// @param target     the stage to end with; empty for the last
/// @param cached     whether steps that were made before are taken as they are
public record Build(
        String dockerfile,
        Path context,
        Map<String, String> arguments,
        Map<String, String> labels,
        String target,
        boolean cached) {
    /// What it needs to act.
    ///
    /// @param scratch a directory for files that are needed for a moment
    public record Surroundings(Containers containers, Bases bases, Runs runs, Path scratch) {}

    /// Finds the images that stages begin with.
    @FunctionalInterface
    public interface Bases {
        /// The image of a name, pulled where it must be.
        ///
        /// @throws IOException in words for the user
        StoredImage image(String name) throws IOException;
    }

    /// Runs commands.
    @FunctionalInterface
    public interface Runs {
        /// Runs a command in a container, and hands the container to what is to be done with it before it goes.
        ///
        /// @throws IOException in words for the user; a [BuildException] when the command failed
        <T> T run(Command command, Telling telling, After<T> after) throws IOException, InterruptedException;
    }

    /// @param image       its name in the store
    /// @param arguments   program first
    /// @param environment over the image's
    public record Command(String image, List<String> arguments, List<String> environment, Optional<String> user) {}

    /// What becomes of a container whose command succeeded.
    @FunctionalInterface
    public interface After<T> {
        T look(String container) throws IOException;
    }

    /// Hears how the build goes.
    public interface Telling {
        /// @param text ends with a line's end where a line ends
        void text(String text);

        /// What a command prints.
        OutputReceiver output();
    }
}
