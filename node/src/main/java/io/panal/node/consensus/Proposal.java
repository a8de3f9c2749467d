package io.panal.node.consensus;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/// A submitted entry on its way to the log: kind, the term it was written for, content.
final class Proposal implements Message {
    static final Message APPLIED = Message.valueOf(ByteString.EMPTY);
    static final Message STALE = Message.valueOf(ByteString.copyFromUtf8("stale"));

    private static final byte ENTRY = 1;
    private static final byte BARRIER = 0;
    private static final byte KEYS = 2;

    private final ByteString content;
    private volatile boolean started;

    private Proposal(ByteString content) {
        this.content = content;
    }

    static Proposal entry(long term, byte[] payload) {
        byte[] head =
                ByteBuffer.allocate(1 + Long.BYTES).put(ENTRY).putLong(term).array();
        return new Proposal(ByteString.copyFrom(head).concat(ByteString.copyFrom(payload)));
    }

    static Proposal barrier() {
        return new Proposal(ByteString.copyFrom(new byte[] {BARRIER}));
    }

    /// As large as an entry, and as void as a barrier.
    static Proposal padding(int bytes) {
        return new Proposal(ByteString.copyFrom(new byte[bytes]));
    }

    static Proposal keys(KeyStep step) {
        return new Proposal(ByteString.copyFrom(new byte[] {KEYS}).concat(ByteString.copyFrom(step.encoded())));
    }

    static boolean isKeys(ByteBuffer content) {
        return content.get(0) == KEYS;
    }

    static KeyStep step(ByteBuffer content) throws IOException {
        var encoded = new byte[content.limit() - 1];
        content.get(1, encoded);
        return KeyStep.decode(encoded);
    }

    static boolean isEntry(ByteBuffer content) {
        return content.get(0) == ENTRY;
    }

    static long authoredIn(ByteBuffer content) {
        return content.getLong(1);
    }

    static byte[] payload(ByteBuffer content) {
        var payload = new byte[content.limit() - 1 - Long.BYTES];
        content.get(1 + Long.BYTES, payload);
        return payload;
    }

    @Override
    public ByteString getContent() {
        return content;
    }

    /// Whether the leader has begun to append it: from then on a failure leaves its fate open.
    boolean mayBeInTheLog() {
        return started;
    }

    void started() {
        started = true;
    }
}
