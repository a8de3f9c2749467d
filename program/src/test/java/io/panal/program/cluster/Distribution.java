package io.panal.program.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The program as it is installed, made of the jars of the build that runs these tests.
final class Distribution {
    private Distribution() {}

    /// The launcher, by the path that stays when the program is built anew; what is not laid out yet is laid out now.
    ///
    /// @throws AssertionError when nothing was packaged
    static synchronized Path launcher() throws IOException {
        Path home = Path.of("target", "panal").toAbsolutePath();
        Path jar = Path.of("target", "jars", "panal-program.jar");
        if (!Files.exists(jar)) {
            throw new AssertionError("%s is missing: run ./test, or mvn verify".formatted(jar));
        }
        Path built = home.resolve("built");
        if (!Files.exists(built) || Files.getLastModifiedTime(built).compareTo(Files.getLastModifiedTime(jar)) < 0) {
            String launcher = Path.of("..", "panal").toString();
            Commands.run(Map.of("JAVA_HOME", System.getProperty("java.home")), List.of(launcher, "build", "--packaged"))
                    .must();
        }
        return home.toRealPath().resolve("panal");
    }
}
