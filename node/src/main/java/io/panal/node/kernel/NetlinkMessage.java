package io.panal.node.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One netlink request, written front to back: fixed part, then attributes, which may nest.
///
/// Numbers are in the machine's byte order unless a method says `big`. Source: netlink(7), `linux/netlink.h`.
public final class NetlinkMessage {
    static final int HEADER_BYTES = 16;

    private static final int REQUEST = 1;
    private static final int NESTED = 0x8000;

    private final String what;
    private final int type;
    private final int flags;
    private ByteBuffer buffer = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());
    private int[] accepted = {};

    /// @param what for errors: the request in words
    /// @param flags NLM_F flags but for REQUEST and ACK, which are added
    public NetlinkMessage(String what, int type, int flags) {
        this.what = what;
        this.type = type;
        this.flags = flags;
        buffer.position(HEADER_BYTES);
    }

    /// What is written by a nested part.
    @FunctionalInterface
    public interface Part {
        void writeTo(NetlinkMessage message);
    }

    /// These answers of the kernel are as good as success.
    public NetlinkMessage accepting(int... errors) {
        accepted = errors.clone();
        return this;
    }

    public NetlinkMessage fixed8(int value) {
        room(1).put((byte) value);
        return this;
    }

    public NetlinkMessage fixed16(int value) {
        room(2).putShort((short) value);
        return this;
    }

    public NetlinkMessage fixed32(int value) {
        room(4).putInt(value);
        return this;
    }

    public NetlinkMessage bytes(int attribute, byte[] value) {
        room(4 + value.length + 3).putShort((short) (4 + value.length)).putShort((short) attribute);
        buffer.put(value);
        pad();
        return this;
    }

    public NetlinkMessage text(int attribute, String value) {
        return bytes(attribute, Arrays.copyOf(value.getBytes(StandardCharsets.UTF_8), value.length() + 1));
    }

    public NetlinkMessage number8(int attribute, int value) {
        return bytes(attribute, new byte[] {(byte) value});
    }

    public NetlinkMessage number32(int attribute, int value) {
        room(8).putShort((short) 8).putShort((short) attribute).putInt(value);
        return this;
    }

    public NetlinkMessage big16(int attribute, int value) {
        return bytes(attribute, new byte[] {(byte) (value >> 8), (byte) value});
    }

    public NetlinkMessage big32(int attribute, int value) {
        room(8).putShort((short) 8).putShort((short) attribute);
        buffer.put((byte) (value >> 24))
                .put((byte) (value >> 16))
                .put((byte) (value >> 8))
                .put((byte) value);
        return this;
    }

    public NetlinkMessage nested(int attribute, Part part) {
        int start = room(4).position();
        buffer.putShort((short) 0).putShort((short) (attribute | NESTED));
        part.writeTo(this);
        buffer.putShort(start, (short) (buffer.position() - start));
        return this;
    }

    int length() {
        return buffer.position();
    }

    String what() {
        return what;
    }

    boolean accepts(int error) {
        return Arrays.stream(accepted).anyMatch(each -> each == error);
    }

    /// Completes the header and copies the message out.
    void copyTo(ByteBuffer target, int sequence, int moreFlags) {
        buffer.putInt(0, buffer.position())
                .putShort(4, (short) type)
                .putShort(6, (short) (flags | REQUEST | moreFlags))
                .putInt(8, sequence)
                .putInt(12, 0);
        target.put(buffer.array(), 0, buffer.position());
    }

    private void pad() {
        while (buffer.position() % 4 != 0) {
            buffer.put((byte) 0);
        }
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(buffer.capacity() * 2, buffer.position() + bytes))
                    .order(ByteOrder.nativeOrder());
            larger.put(buffer.flip());
            buffer = larger;
        }
        return buffer;
    }
}
