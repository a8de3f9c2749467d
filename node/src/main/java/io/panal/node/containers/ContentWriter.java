package io.panal.node.containers;

import com.google.protobuf.ByteString;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import io.panal.containerd.content.AbortRequest;
import io.panal.containerd.content.ContentGrpc.ContentBlockingV2Stub;
import io.panal.containerd.content.WriteAction;
import io.panal.containerd.content.WriteContentRequest;
import io.panal.containerd.content.WriteContentResponse;

/// Writes one blob into the store, from where an earlier attempt left off.
///
/// Of one thread. Closed before [#commit], it leaves what was written for the next attempt.
public final class ContentWriter implements AutoCloseable {
    private static final long SHORTEST_PAUSE_MILLIS = 5;
    private static final long LONGEST_PAUSE_MILLIS = 200;
    private static final int PIECE_BYTES = 1 << 20;

    private final ContentBlockingV2Stub stub;
    private final String reference;
    private final String digest;
    private final long sizeBytes;
    private BlockingClientCall<WriteContentRequest, WriteContentResponse> call;
    private long offset;
    private boolean finished;

    private ContentWriter(ContentBlockingV2Stub stub, String digest, long sizeBytes) throws ContainersException {
        this.stub = stub;
        this.call = stub.write();
        this.reference = "panal-" + digest;
        this.digest = digest;
        this.sizeBytes = sizeBytes;
        look();
    }

    /// Waits for another who writes the same blob: mostly it is there then.
    private void look() throws ContainersException {
        for (long pause = SHORTEST_PAUSE_MILLIS; isLocked(); pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            try {
                Thread.sleep(pause);
            } catch (InterruptedException _) {
                throw interrupted();
            }
            call = stub.write();
        }
    }

    /// Learns how much of the blob there is, unless another writes it now.
    private boolean isLocked() throws ContainersException {
        try {
            send(WriteAction.STAT, ByteString.EMPTY);
            offset = receive().getOffset();
        } catch (ContainersException refused) {
            // The second is what is heard at the moment in which the other commits.
            boolean locked = (refused.reason() == ContainersException.Reason.UNAVAILABLE
                            && refused.text().contains(" locked for "))
                    || (refused.reason() == ContainersException.Reason.MISSING
                            && refused.text().contains(reference));
            if (!locked && refused.reason() != ContainersException.Reason.CONFLICT) {
                throw refused;
            }
            finished = !locked;
            offset = sizeBytes;
            return locked;
        }
        return false;
    }

    /// Throws away what was written, because it is wrong: the next byte is the first again.
    public void reset() throws ContainersException {
        call.cancel("begun anew", null);
        try {
            var _ = stub.abort(AbortRequest.newBuilder().setRef(reference).build());
        } catch (StatusException refused) {
            throw new ContainersException(refused.getStatus().asRuntimeException());
        }
        call = stub.write();
        look();
    }

    /// @param digest    `sha256:` and 64 hexadecimal digits
    /// @param sizeBytes of the whole blob
    static ContentWriter open(ContentBlockingV2Stub stub, String digest, long sizeBytes) throws ContainersException {
        return new ContentWriter(stub, digest, sizeBytes);
    }

    /// Where the next byte belongs: more than zero when an earlier attempt wrote some, the blob's size when it is
    /// there already.
    public long offset() {
        return offset;
    }

    /// Whether the whole blob is in the store.
    public boolean isFinished() {
        return finished;
    }

    /// Appends bytes; returns when they were taken, so a slow disk slows the sender.
    public void write(byte[] bytes, int start, int length) throws ContainersException {
        int sent = 0;
        while (sent < length) {
            int piece = Math.min(PIECE_BYTES, length - sent);
            send(WriteAction.WRITE, ByteString.copyFrom(bytes, start + sent, piece));
            offset = receive().getOffset();
            sent += piece;
        }
    }

    /// Ends the blob; fails with INVALID if its bytes are not those of its digest.
    public void commit() throws ContainersException {
        if (finished) {
            return;
        }
        send(WriteAction.COMMIT, ByteString.EMPTY);
        try {
            var _ = receive();
        } catch (ContainersException refused) {
            if (refused.reason() != ContainersException.Reason.CONFLICT) {
                throw refused;
            }
        }
        finished = true;
        call.halfClose();
    }

    private void send(WriteAction action, ByteString data) throws ContainersException {
        var request = WriteContentRequest.newBuilder()
                .setAction(action)
                .setRef(reference)
                .setTotal(sizeBytes)
                .setExpected(digest)
                .setOffset(offset)
                .setData(data)
                .build();
        try {
            var _ = call.write(request);
        } catch (StatusException refused) {
            throw new ContainersException(refused.getStatus().asRuntimeException());
        } catch (InterruptedException _) {
            throw interrupted();
        }
    }

    private WriteContentResponse receive() throws ContainersException {
        try {
            var answer = call.read();
            if (answer == null) {
                throw new ContainersException(
                        ContainersException.Reason.UNAVAILABLE, "containerd ended the upload of " + digest);
            }
            return answer;
        } catch (StatusException refused) {
            throw new ContainersException(refused.getStatus().asRuntimeException());
        } catch (StatusRuntimeException refused) {
            throw new ContainersException(refused);
        } catch (InterruptedException _) {
            throw interrupted();
        }
    }

    private static ContainersException interrupted() {
        Thread.currentThread().interrupt();
        return new ContainersException(ContainersException.Reason.UNAVAILABLE, "interrupted");
    }

    @Override
    public void close() {
        if (!finished) {
            call.cancel("left for later", null);
        }
    }
}
