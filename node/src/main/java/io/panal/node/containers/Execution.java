package io.panal.node.containers;

import io.panal.containerd.tasks.CloseIORequest;
import io.panal.containerd.tasks.DeleteProcessRequest;
import io.panal.containerd.tasks.ExecProcessRequest;
import io.panal.containerd.tasks.KillRequest;
import io.panal.containerd.tasks.ResizePtyRequest;
import io.panal.containerd.tasks.StartRequest;
import io.panal.node.containers.StreamPump.Source;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A further process of a running container, with its streams. It ends with this daemon's memory of it: another daemon
/// does not know it.
public final class Execution {
    private static final int DRAIN_MILLIS = 2000;

    private final Containerd containerd;
    private final StreamPump pump;
    private final String container;
    private final String id;
    private final ProcessStreams streams;
    private final List<Source> sources = new ArrayList<>();
    private final OutputTap tap = new OutputTap(() -> sources().forEach(Source::resume));
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Optional<InputPipe> input = Optional.empty();
    private volatile OptionalInt code = OptionalInt.empty();
    private volatile int pid;

    Execution(Containerd containerd, StreamPump pump, String container, String id, ProcessStreams streams) {
        this.containerd = containerd;
        this.pump = pump;
        this.container = container;
        this.id = id;
        this.streams = streams;
    }

    private List<Source> sources() {
        return sources;
    }

    /// @param process an OCI process in JSON
    void start(byte[] process, boolean terminal) throws IOException {
        streams.make();
        var open = new AtomicInteger(streams.error().isEmpty() ? 1 : 2);
        sources.add(pump.read(Path.of(streams.output()), sink(LogStream.STDOUT, open)));
        if (!streams.error().isEmpty()) {
            sources.add(pump.read(Path.of(streams.error()), sink(LogStream.STDERR, open)));
        }
        if (!streams.input().isEmpty()) {
            input = Optional.of(new InputPipe(pump, Path.of(streams.input()), this::closeInput));
        }
        var exec = ExecProcessRequest.newBuilder()
                .setContainerId(container)
                .setExecId(id)
                .setStdin(streams.input())
                .setStdout(streams.output())
                .setStderr(streams.error())
                .setTerminal(terminal)
                .setSpec(Records.any(Records.PROCESS_TYPE, process))
                .build();
        var _ = Containerd.call(() -> containerd.tasks().exec(exec));
        var start = StartRequest.newBuilder()
                .setContainerId(container)
                .setExecId(id)
                .build();
        pid = Containerd.call(() -> containerd.tasks().start(start)).getPid();
    }

    private StreamPump.Sink sink(LogStream stream, AtomicInteger open) {
        return new StreamPump.Sink() {
            @Override
            public boolean take(byte[] bytes, int length) {
                return tap.offer(stream, bytes, length);
            }

            @Override
            public void end() {
                if (open.decrementAndGet() == 0) {
                    tap.end();
                }
            }
        };
    }

    private void closeInput() throws IOException {
        var request = CloseIORequest.newBuilder()
                .setContainerId(container)
                .setExecId(id)
                .setStdin(true)
                .build();
        Containerd.remove(() -> containerd.tasks().closeIO(request));
    }

    /// 64 hexadecimal digits.
    public String id() {
        return id;
    }

    /// As the host numbers it.
    public int pid() {
        return pid;
    }

    /// Its input, if it was asked for. Closing it is the end of input for the process.
    public Optional<OutputStream> input() {
        return input.map(pipe -> pipe);
    }

    /// Hands on what it prints until its end. To be called once.
    public void forward(OutputReceiver receiver) throws IOException {
        tap.forward(receiver);
    }

    /// Waits for its end.
    ///
    /// @return its exit code; 128 and the signal if one ended it
    public int await() throws InterruptedException {
        ended.await();
        return code.orElse(Lifecycle.UNSEEN);
    }

    /// Waits for its end, but not for long.
    ///
    /// @return as [#await]; empty when it goes on after that time
    OptionalInt await(Duration atMost) throws InterruptedException {
        return ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS)
                ? OptionalInt.of(code.orElse(Lifecycle.UNSEEN))
                : OptionalInt.empty();
    }

    /// Empty while it runs.
    public OptionalInt code() {
        return code;
    }

    /// Tells its terminal how large it is.
    public void resize(int columns, int rows) throws ContainersException {
        var request = ResizePtyRequest.newBuilder()
                .setContainerId(container)
                .setExecId(id)
                .setWidth(columns)
                .setHeight(rows)
                .build();
        Containerd.remove(() -> containerd.tasks().resizePty(request));
    }

    /// Sends it a signal; none is sent if it ended.
    public void kill(int signal) throws ContainersException {
        var request = KillRequest.newBuilder()
                .setContainerId(container)
                .setExecId(id)
                .setSignal(signal)
                .build();
        Containerd.remove(() -> containerd.tasks().kill(request));
    }

    /// The process ended: what is in its pipes is handed on first.
    void exited(int exitCode) throws IOException {
        code = OptionalInt.of(exitCode);
        input.ifPresent(InputPipe::end);
        ended.countDown();
        var request = DeleteProcessRequest.newBuilder()
                .setContainerId(container)
                .setExecId(id)
                .build();
        Containerd.remove(() -> containerd.tasks().deleteProcess(request));
        release();
    }

    /// Lets go of the pipes, of one that ended or never began.
    void release() throws IOException {
        input.ifPresent(InputPipe::end);
        ended.countDown();
        tap.drain();
        sources.forEach(Source::look);
        try {
            for (var source : sources) {
                // A child of it may hold its outputs open: nobody waits for that one.
                if (!source.ended().await(DRAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                    source.finish();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        tap.end();
        streams.remove();
    }
}
