package io.panal.node.link;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/// A node's end of a stream.
final class ClientStream implements ByteStream {
    private final BlockingClientCall<byte[], byte[]> call;
    private final ReentrantLock sending = new ReentrantLock();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean peerEnded;

    ClientStream(BlockingClientCall<byte[], byte[]> call) {
        this.call = call;
    }

    @Override
    public Optional<byte[]> receive() throws IOException, InterruptedException {
        if (peerEnded) {
            return Optional.empty();
        }
        try {
            byte[] frame = call.read();
            peerEnded = frame == null || Wire.isEnd(frame);
            return peerEnded || frame == null ? Optional.empty() : Optional.of(Wire.content(frame));
        } catch (StatusException e) {
            peerEnded = true;
            throw failure(e.getStatus());
        }
    }

    @Override
    public void send(byte[] message) throws IOException, InterruptedException {
        sending.lockInterruptibly();
        try {
            if (ended.get() || !call.write(message)) {
                throw new IOException("the stream has ended");
            }
        } catch (StatusException e) {
            throw failure(e.getStatus());
        } finally {
            sending.unlock();
        }
    }

    @Override
    public void end() {
        if (ended.compareAndSet(false, true)) {
            call.halfClose();
        }
    }

    @Override
    public void abort(String why) {
        ended.set(true);
        call.cancel(why, null);
    }

    @Override
    public void close() {
        end();
        if (!peerEnded) {
            abort("closed");
        }
    }

    static IOException failure(Status status) {
        Throwable cause = status.getCause();
        String why = status.getDescription() == null ? status.getCode().name() : status.getDescription();
        String detail = cause == null ? "" : ": " + cause.getMessage();
        return new IOException(why + detail, status.asException());
    }
}
