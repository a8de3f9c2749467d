package io.panal.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What data planes say in the log of what they mend, for tests that break something.
final class RepairReports extends Handler {
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final Logger LOG = Logger.getLogger(Dataplane.class.getName());

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    RepairReports() {
        LOG.addHandler(this);
    }

    /// Of a data plane that looks often.
    static Dataplane.Tuning often() throws IOException {
        return new Dataplane.Tuning(AnswerPath.ofThisKernel(), Duration.ofMillis(200));
    }

    void clear() {
        lines.clear();
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    private boolean isReported(String what) {
        return lines.stream().anyMatch(line -> line.startsWith("network repaired") && line.contains(what));
    }

    /// Until a repair was told and everything is as it was.
    void awaitRepair(String reported, Set<String> expected, Supplier<Set<String>> heard) {
        Instant deadline = Instant.now().plus(WITHIN);
        Set<String> now = heard.get();
        while (!isReported(reported) || !now.equals(expected)) {
            assertThat(Instant.now()).as("reported %s, heard %s", lines, now).isBefore(deadline);
            now = heard.get();
        }
    }

    @Override
    public void publish(LogRecord entry) {
        lines.add(entry.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        LOG.removeHandler(this);
    }
}
