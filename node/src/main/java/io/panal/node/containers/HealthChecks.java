package io.panal.node.containers;

import io.panal.node.time.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Asks the containers that want it, time and again, whether they are well. One that has no health check costs nothing.
final class HealthChecks implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HealthChecks.class.getName());
    private static final int LONGEST_OUTPUT = 4096;
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final TrackedContainers tracked;
    private final Executions executions;
    private final Consumer<ContainerEvent> tell;
    /// What ends the questions to a container, by its id.
    private final Map<String, CountDownLatch> asking = new ConcurrentHashMap<>();

    HealthChecks(TrackedContainers tracked, Executions executions, Consumer<ContainerEvent> tell) {
        this.tracked = tracked;
        this.executions = executions;
        this.tell = tell;
    }

    /// What happened to a container, in order.
    void heard(ContainerEvent event) {
        switch (event) {
            case ContainerEvent.Started _, ContainerEvent.Resumed _ ->
                tracked.find(event.id()).ifPresent(this::begin);
            case ContainerEvent.Exited _, ContainerEvent.Paused _ -> end(event.id());
            case ContainerEvent.Created _,
                    ContainerEvent.Signalled _,
                    ContainerEvent.Stopped _,
                    ContainerEvent.Removed _,
                    ContainerEvent.OutOfMemory _,
                    ContainerEvent.HealthChanged _ -> {}
        }
    }

    /// Goes on with those that run already.
    void resume() {
        tracked.all().forEach(this::begin);
    }

    private void begin(Tracked container) {
        var plan = container.plan().host().health();
        if (plan.isEmpty() || !(container.state() instanceof ContainerState.Running running) || running.paused()) {
            return;
        }
        var over = new CountDownLatch(1);
        if (asking.putIfAbsent(container.id(), over) == null) {
            Thread.ofVirtual()
                    .name("health-" + container.id())
                    .start(() -> ask(
                            container, plan.get(), plan.get().startPeriod(running.startedAt(), Instant.now()), over));
        }
    }

    private void end(String id) {
        var over = asking.remove(id);
        if (over != null) {
            over.countDown();
        }
    }

    private void ask(Tracked container, HealthPlan plan, Deadline startPeriod, CountDownLatch over) {
        try {
            while (!over.await(
                    plan.pause(health(container), !startPeriod.isOver()).toMillis(), TimeUnit.MILLISECONDS)) {
                boolean isStartPeriod = !startPeriod.isOver();
                var probe = probe(container.id(), plan);
                // Of one that ended or was paused in the middle of it nothing was learnt.
                if (over.getCount() == 0) {
                    return;
                }
                note(container, health(container).after(probe, plan, isStartPeriod));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException failed) {
            if (!container.isRemoved()) {
                LOG.log(Level.WARNING, "health not written down, no more asked id=" + container.id(), failed);
            }
        }
    }

    private static Health health(Tracked container) {
        return container.health().orElse(Health.FRESH);
    }

    private void note(Tracked container, Health now) throws IOException {
        var before = health(container).status();
        container.become(now);
        if (before != now.status()) {
            tell.accept(new ContainerEvent.HealthChanged(container.id(), now.status(), Instant.now()));
        }
    }

    private Health.Probe probe(String id, HealthPlan plan) throws InterruptedException {
        var start = Instant.now();
        try {
            var execution = executions.start(id, ExecPlan.of(plan.command().toArray(String[]::new)), Accounts.none());
            var printed = new Printed();
            var reader = Thread.ofVirtual().start(() -> printed.read(execution));
            OptionalInt code = execution.await(plan.patience());
            if (code.isEmpty()) {
                execution.kill(Signals.KILL);
                return new Health.Probe(
                        start,
                        Instant.now(),
                        -1,
                        "Health check exceeded timeout (%s)".formatted(inWords(plan.patience())));
            }
            // A child that it left behind may hold its output open.
            boolean _ = reader.join(LAST_WORDS);
            return new Health.Probe(start, Instant.now(), code.getAsInt(), printed.text());
        } catch (IOException failed) {
            return new Health.Probe(start, Instant.now(), -1, String.valueOf(failed.getMessage()));
        }
    }

    /// As Go prints it: `1m30s`, `30s`, `1.5s`, `500ms`.
    private static String inWords(Duration time) {
        if (time.compareTo(Duration.ofSeconds(1)) < 0) {
            return time.toMillis() + "ms";
        }
        var seconds = time.toMillisPart() == 0
                ? time.toSecondsPart() + "s"
                : "%d.%03d".formatted(time.toSecondsPart(), time.toMillisPart()).replaceFirst("0+$", "") + "s";
        var minutes = time.toMinutes() == 0 ? "" : time.toMinutesPart() + "m";
        return (time.toHours() == 0 ? "" : time.toHours() + "h") + minutes + seconds;
    }

    /// What a probe prints, as much as docker keeps.
    private static final class Printed {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean isCut;

        void read(Execution execution) {
            try {
                execution.forward((_, piece) -> take(piece));
            } catch (IOException failed) {
                LOG.log(Level.DEBUG, "what a health check printed was not read to its end", failed);
            }
        }

        private synchronized void take(byte[] piece) {
            int room = Math.min(piece.length, LONGEST_OUTPUT - bytes.size());
            bytes.write(piece, 0, room);
            isCut |= room < piece.length;
        }

        synchronized String text() {
            return bytes.toString(StandardCharsets.UTF_8) + (isCut ? "..." : "");
        }
    }

    /// Asks no more.
    @Override
    public void close() {
        asking.values().forEach(CountDownLatch::countDown);
    }
}
