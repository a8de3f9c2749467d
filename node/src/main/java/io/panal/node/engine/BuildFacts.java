package io.panal.node.engine;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// When and of what this program was built, as its launcher laid it out beside the jars.
///
/// @param commit the source's, shortened; empty when it was not built in a repository
/// @param time RFC 3339; empty when the program runs from class files
public record BuildFacts(String commit, String time) {
    private static final BuildFacts UNKNOWN = new BuildFacts("", "");

    /// Of the installed program that this class is part of.
    public static BuildFacts read() throws IOException {
        CodeSource source = BuildFacts.class.getProtectionDomain().getCodeSource();
        if (source == null || !source.getLocation().getPath().endsWith(".jar")) {
            return UNKNOWN;
        }
        try {
            return of(Path.of(source.getLocation().toURI()));
        } catch (URISyntaxException strange) {
            throw new IOException("the program's own path cannot be read: " + source.getLocation(), strange);
        }
    }

    static BuildFacts of(Path jar) throws IOException {
        Path commit = jar.resolveSibling("..").resolve("commit");
        Instant built = Files.getLastModifiedTime(jar).toInstant();
        return new BuildFacts(
                Files.exists(commit) ? Files.readString(commit).strip() : "",
                built.truncatedTo(ChronoUnit.SECONDS).toString());
    }
}
