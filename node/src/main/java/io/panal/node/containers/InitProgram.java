package io.panal.node.containers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The small first process of a container that wants one: it reaps orphans and forwards signals.
final class InitProgram {
    /// Where the container finds it.
    static final String INSIDE = "/sbin/docker-init";

    private static final List<String> PLACES = List.of(
            "/usr/bin/docker-init",
            "/usr/libexec/docker/docker-init",
            "/usr/bin/tini-static",
            "/usr/bin/catatonit",
            "/usr/libexec/catatonit/catatonit");

    private InitProgram() {}

    static Optional<String> find() {
        return PLACES.stream()
                .filter(place -> Files.isExecutable(Path.of(place)))
                .findFirst();
    }

    /// Its path on the host; asked only after [#find] found it.
    static String path() {
        return find().orElseThrow(() -> new IllegalStateException("the init program is gone"));
    }
}
