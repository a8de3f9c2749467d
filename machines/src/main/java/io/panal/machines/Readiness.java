package io.panal.machines;

import io.panal.machines.model.Machine;
import io.panal.machines.model.MachineFailure;
import io.panal.machines.store.Folder;
import io.panal.machines.tls.EngineClient;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;

/// Waits until the daemon in a machine answers a docker client; tells what its log says when it does not.
final class Readiness {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration ONE_ANSWER = Duration.ofSeconds(2);
    private static final Duration ASK_AGAIN = Duration.ofMillis(20);
    private static final int FAILED_STARTS = 3;
    private static final long LONGEST_TAIL = 64 * 1024;
    private static final int TAIL_LINES = 15;

    private final Machine machine;
    private final Folder folder;
    private final EngineClient client;
    private final long logBegin;

    private Readiness(Machine machine, Folder folder, EngineClient client, long logBegin) {
        this.machine = machine;
        this.folder = folder;
        this.client = client;
        this.logBegin = logBegin;
    }

    /// To be called before the machine starts: what the log says from here on belongs to this start.
    static Readiness of(Machine machine, Folder folder) throws IOException {
        var length = Files.exists(folder.log()) ? Files.size(folder.log()) : 0;
        return new Readiness(machine, folder, EngineClient.with(folder.path()), length);
    }

    /// @throws MachineFailure after a minute, or earlier when the daemon keeps ending
    void await() throws IOException {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        var engine = new InetSocketAddress(machine.address().toString(), Machine.ENGINE_PORT);
        while (true) {
            try {
                client.ask(engine, "/_ping", ONE_ANSWER);
                return;
            } catch (IOException notYet) {
                var log = log();
                var ends = log.split("machine: the daemon ended", -1).length - 1;
                if (ends >= FAILED_STARTS) {
                    throw refusal("ended %d times".formatted(ends), log, notYet);
                }
                if (System.nanoTime() > deadline) {
                    throw refusal("did not answer within %d s".formatted(PATIENCE.toSeconds()), log, notYet);
                }
            }
            pause();
        }
    }

    private MachineFailure refusal(String what, String log, IOException cause) {
        var lines = log.lines().toList();
        var tail = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
        return new MachineFailure(
                """
                the daemon in machine "%s" %s (%s). Its log (%s) ends with:
                %s
                The machine is left as it is: look into it with "panal machine ssh %s", remove it with "panal machine rm %s\"""".formatted(
                                machine.name(),
                                what,
                                cause.getMessage(),
                                folder.log(),
                                tail.isEmpty() ? "  (nothing)" : "  " + String.join("\n  ", tail),
                                machine.name(),
                                machine.name()),
                cause);
    }

    private String log() throws IOException {
        try (var file = new RandomAccessFile(folder.log().toFile(), "r")) {
            var from = Math.max(Math.min(logBegin, file.length()), file.length() - LONGEST_TAIL);
            file.seek(from);
            var bytes = new byte[(int) (file.length() - from)];
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private static void pause() throws InterruptedIOException {
        try {
            Thread.sleep(ASK_AGAIN);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            var failure = new InterruptedIOException("interrupted while waiting for the daemon");
            failure.initCause(interrupted);
            throw failure;
        }
    }
}
