package io.panal.machines.model;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/// Where machines are kept and what runs in them.
///
/// @param storage     directory of this storage's machines, absolute
/// @param daemon      the command that each machine's first process keeps running; the engine's flags are appended
/// @param visible     host paths that the daemon needs, readable in each machine at the same place
/// @param environment added to the daemon's environment
public record Site(Path storage, List<String> daemon, List<Path> visible, Map<String, String> environment) {
    /// Where machines are kept unless MACHINE_STORAGE_PATH or `--storage-path` says otherwise.
    public static final Path DEFAULT_STORAGE = Path.of("/var/lib/panal-machines");

    public Site {
        storage = storage.toAbsolutePath().normalize();
        daemon = List.copyOf(daemon);
        visible = List.copyOf(visible);
        environment = Map.copyOf(environment);
        if (daemon.isEmpty()) {
            throw new IllegalStateException("no daemon command");
        }
    }

    /// Machines that run the daemon of an installation of Panal, with the Java that this process runs on.
    ///
    /// @param home the installation's directory, with the launcher `panal` in it; the launcher calls it PANAL_HOME
    public static Site installed(Path storage, Path home) {
        var java = Path.of(System.getProperty("java.home"));
        return new Site(
                storage,
                List.of(home.resolve("panal").toString(), "daemon"),
                List.of(home, java),
                Map.of("JAVA_HOME", java.toString()));
    }

    /// Names this storage's kernel objects; two storages on one host never share one.
    public String key() {
        if (storage.equals(DEFAULT_STORAGE)) {
            return "panal-machines";
        }
        var sum = new CRC32();
        sum.update(storage.toString().getBytes(StandardCharsets.UTF_8));
        return "panal-machines-%08x".formatted(sum.getValue());
    }

    /// What must not outlive the host's running: runc's state, process ids, locks.
    public Path runDirectory() {
        return Path.of("/run", key());
    }
}
