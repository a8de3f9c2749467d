package io.panal.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Whether the daemon stops because its host goes down, and all containers with it.
final class HostShutdown {
    private static final System.Logger LOG = System.getLogger(HostShutdown.class.getName());
    private static final Path SYSTEMD = Path.of("/run/systemd/system");
    private static final long ANSWER_SECONDS = 2;

    private HostShutdown() {}

    /// @param run the daemon's own directory, in which a machine's first process leaves word
    static boolean isUnderWay(Path run) {
        return Files.exists(run.resolve("host-stopping")) || (Files.isDirectory(SYSTEMD) && isSystemdStopping());
    }

    private static boolean isSystemdStopping() {
        try {
            Process asked = new ProcessBuilder("systemctl", "is-system-running").start();
            if (!asked.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS)) {
                asked.destroyForcibly();
                return false;
            }
            return new String(asked.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII)
                    .startsWith("stopping");
        } catch (IOException failed) {
            LOG.log(System.Logger.Level.DEBUG, "whether the host goes down is not known", failed);
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
