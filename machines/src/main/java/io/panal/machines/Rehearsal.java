package io.panal.machines;

import io.panal.machines.host.LocalHost;
import io.panal.machines.store.Exclusive;
import io.panal.machines.tls.Authority;
import io.panal.machines.tls.EngineClient;
import io.panal.machines.tls.RehearsalServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Goes once through what every creation of a machine does with keys and TLS, so that the virtual machine can keep
/// the classes: loading them anew takes longer than making the namespaces.
public final class Rehearsal {
    private Rehearsal() {}

    /// @param directory an empty one; certificates are left in it
    public static void run(Path directory) throws IOException {
        Authority.in(directory).certify(directory, "rehearsal", List.of("127.0.0.1", "localhost"));
        Exclusive.during(directory.resolve("lock"), Exclusive::lastUse);
        LocalHost.rehearse();
        try (var server = RehearsalServer.start(directory)) {
            EngineClient.with(directory).ask(server.address(), "/_ping", Duration.ofSeconds(5));
        }
    }
}
