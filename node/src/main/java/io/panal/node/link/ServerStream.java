package io.panal.node.link;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.apache.ratis.thirdparty.io.grpc.stub.ServerCallStreamObserver;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/// A manager's end of a stream: gRPC's callbacks turned into blocking calls, one message under way at a time.
final class ServerStream implements ByteStream, StreamObserver<byte[]> {
    // A peer that does not read is given up before it eats the manager's memory.
    private static final int WAITING_MESSAGES_MAX = 2000;
    private static final long WAITING_BYTES_MAX = 32L << 20;

    private final ServerCallStreamObserver<byte[]> out;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<byte[]> received = new ArrayDeque<>();
    private boolean peerEnded;
    private boolean selfEnded;
    private boolean completed;
    private @Nullable String broken;
    private int waitingMessages;
    private long waitingBytes;

    ServerStream(ServerCallStreamObserver<byte[]> out) {
        this.out = out;
        out.disableAutoRequest();
        out.setOnReadyHandler(this::ready);
        out.setOnCancelHandler(() -> broke("the connection ended"));
    }

    /// Asks for the first message; callbacks may come from now on.
    void begin() {
        out.request(1);
    }

    @Override
    public Optional<byte[]> receive() throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (received.isEmpty() && !peerEnded && broken == null) {
                changed.await();
            }
            byte[] message = received.poll();
            if (message != null) {
                if (broken == null && !peerEnded) {
                    out.request(1);
                }
                return Optional.of(message);
            }
            if (broken != null) {
                throw new IOException(broken);
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void send(byte[] message) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (broken == null && !selfEnded && !out.isReady()) {
                changed.await();
            }
            check();
            out.onNext(Wire.data(message));
        } finally {
            lock.unlock();
        }
    }

    /// Sends without waiting; false when the stream is over or breaks now because too much is waiting.
    boolean offer(byte[] message) {
        lock.lock();
        try {
            if (broken != null || selfEnded) {
                return false;
            }
            if (out.isReady()) {
                waitingMessages = 0;
                waitingBytes = 0;
            } else if (++waitingMessages > WAITING_MESSAGES_MAX
                    || (waitingBytes += message.length) > WAITING_BYTES_MAX) {
                fail(Status.RESOURCE_EXHAUSTED.withDescription("the node does not read"));
                return false;
            }
            out.onNext(Wire.data(message));
            return true;
        } finally {
            lock.unlock();
        }
    }

    // To gRPC a server that has completed its side has ended the call, so the end of ours is a message of its own.
    @Override
    public void end() {
        lock.lock();
        try {
            if (broken == null && !selfEnded) {
                selfEnded = true;
                out.onNext(Wire.END);
                complete();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void abort(String why) {
        fail(Status.ABORTED.withDescription(why));
    }

    @Override
    public void close() {
        lock.lock();
        try {
            end();
            peerEnded = true;
            complete();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onNext(byte[] message) {
        lock.lock();
        try {
            received.add(message);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onError(Throwable problem) {
        broke(String.valueOf(Status.fromThrowable(problem).getDescription()));
    }

    @Override
    public void onCompleted() {
        lock.lock();
        try {
            peerEnded = true;
            complete();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void complete() {
        if (selfEnded && peerEnded && !completed && broken == null) {
            completed = true;
            out.onCompleted();
        }
    }

    private void ready() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void broke(String why) {
        lock.lock();
        try {
            if (broken == null) {
                broken = why;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void fail(Status status) {
        lock.lock();
        try {
            if (broken == null && !completed) {
                completed = true;
                out.onError(new StatusRuntimeException(status));
            }
            broke(String.valueOf(status.getDescription()));
        } finally {
            lock.unlock();
        }
    }

    private void check() throws IOException {
        if (broken != null) {
            throw new IOException(broken);
        }
        if (selfEnded) {
            throw new IOException("this side has ended the stream");
        }
    }
}
