package io.panal.node.containers;

import io.panal.node.containers.StreamPump.Source;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// What one container prints: kept in its log and shown to who is attached, over any number of its runs.
final class ContainerOutput {
    private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(2);

    private static final System.Logger LOG = System.getLogger(ContainerOutput.class.getName());

    private final String id;
    private final StreamPump pump;
    private final LogFile log;
    private final List<OutputTap> taps = new CopyOnWriteArrayList<>();
    /// Of the pump's thread alone.
    private boolean losing;

    private final List<Source> sources = new CopyOnWriteArrayList<>();

    ContainerOutput(StreamPump pump, Path directory, ContainerPlan plan) {
        this.id = plan.id();
        this.pump = pump;
        var path = directory.resolve(plan.id() + "-json.log");
        this.log = new LogFile(path, plan.host().log(), pump.lines());
    }

    /// Begins to read; the pipes exist.
    void open(ProcessStreams streams) throws IOException {
        log.begin();
        var open = new AtomicInteger(streams.error().isEmpty() ? 1 : 2);
        var opened = new ArrayList<Source>();
        opened.add(pump.read(Path.of(streams.output()), sink(LogStream.STDOUT, open)));
        if (!streams.error().isEmpty()) {
            opened.add(pump.read(Path.of(streams.error()), sink(LogStream.STDERR, open)));
        }
        sources.addAll(opened);
    }

    private StreamPump.Sink sink(LogStream stream, AtomicInteger open) {
        return new StreamPump.Sink() {
            @Override
            public boolean take(byte[] bytes, int length) throws IOException {
                boolean more = true;
                for (var tap : taps) {
                    more &= tap.offer(stream, bytes, length);
                }
                keep(stream, bytes, length);
                return more;
            }

            @Override
            public void end() {
                if (open.decrementAndGet() == 0) {
                    taps.forEach(OutputTap::end);
                    taps.clear();
                }
            }
        };
    }

    /// A full disk costs lines of the log, and is told of once; the container goes on.
    private void keep(LogStream stream, byte[] bytes, int length) {
        try {
            log.append(stream, bytes, length);
            losing = false;
        } catch (IOException full) {
            if (!losing) {
                LOG.log(Level.WARNING, () -> "lines of a log are lost id=%s reason=%s".formatted(id, full));
            }
            losing = true;
        }
    }

    boolean isOpen() {
        return !sources.isEmpty();
    }

    /// The process ended: takes what is left in the pipes, closes the log and ends who is attached.
    void finish() {
        taps.forEach(OutputTap::drain);
        sources.forEach(Source::look);
        try {
            for (var source : sources) {
                if (!source.ended().await(DRAIN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    source.finish();
                    source.ended().await();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        sources.clear();
        try {
            log.close();
        } catch (IOException full) {
            LOG.log(Level.WARNING, () -> "the end of a log is lost id=%s reason=%s".formatted(id, full));
        }
        taps.forEach(OutputTap::end);
        taps.clear();
    }

    /// Shows what comes from now on, until the process ends or [#detach].
    OutputTap attach() {
        var tap = new OutputTap(() -> sources.forEach(Source::resume));
        taps.add(tap);
        return tap;
    }

    void detach(OutputTap tap) {
        taps.remove(tap);
        tap.end();
        sources.forEach(Source::resume);
    }

    /// Nothing comes any more, as of a container that is not running.
    void close() throws IOException {
        log.close();
    }

    void read(LogQuery query, LogReceiver receiver) throws IOException {
        new LogReader(log, query, receiver).read();
    }
}
