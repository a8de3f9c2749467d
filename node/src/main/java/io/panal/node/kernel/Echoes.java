package io.panal.node.kernel;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/// Asks hosts whether they are there, by ICMP echo over IPv4; their kernels answer. One user at a time.
///
/// Source: RFC 792; icmp(7) and raw(7).
public final class Echoes implements Closeable {
    private static final int ICMP = 1;
    private static final int SOL_RAW = 255;
    private static final int ICMP_FILTER = 1;
    private static final byte ANSWER = 0;
    private static final byte QUESTION = 8;
    private static final int HEADER_BYTES = 8;
    private static final int SENDER_OFFSET = 12;
    private static final int RECEIVE_BYTES = 2048;

    private final int descriptor;
    private final short identifier = (short) new Random().nextInt();
    private short sequence;

    private Echoes(int descriptor) {
        this.descriptor = descriptor;
    }

    /// From a namespace's own addresses.
    ///
    /// @throws KernelException without CAP_NET_RAW
    public static Echoes open(NetworkNamespace namespace) throws IOException {
        return namespace.enter(() -> {
            int descriptor = SystemCalls.ipv4Socket(ICMP);
            SystemCalls.setOption(descriptor, SOL_RAW, ICMP_FILTER, ~(1 << ANSWER));
            return new Echoes(descriptor);
        });
    }

    /// Asks one host; the answer, if any, is found by [#answers] later.
    ///
    /// @return false when the question could not even be sent, as without a route
    public boolean ask(Inet4Address host) {
        ByteBuffer question = ByteBuffer.allocate(HEADER_BYTES);
        question.put(QUESTION)
                .put((byte) 0)
                .putShort((short) 0)
                .putShort(identifier)
                .putShort(sequence++);
        question.putShort(2, checksum(question.array()));
        try {
            SystemCalls.sendTo(descriptor, question.array(), host.getAddress());
            return true;
        } catch (KernelException _) {
            return false;
        }
    }

    /// Who has answered since the last call; does not wait.
    public Set<InetAddress> answers() throws IOException {
        Set<InetAddress> answered = new HashSet<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(RECEIVE_BYTES);
            for (int length = SystemCalls.receiveNow(descriptor, memory);
                    length >= 0;
                    length = SystemCalls.receiveNow(descriptor, memory)) {
                byte[] packet = memory.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
                int header = length == 0 ? 0 : (packet[0] & 0xf) * 4;
                if (length >= header + HEADER_BYTES && isOurs(ByteBuffer.wrap(packet, header, HEADER_BYTES))) {
                    answered.add(InetAddress.getByAddress(
                            java.util.Arrays.copyOfRange(packet, SENDER_OFFSET, SENDER_OFFSET + 4)));
                }
            }
        }
        return answered;
    }

    private boolean isOurs(ByteBuffer message) {
        return message.get(message.position()) == ANSWER && message.getShort(message.position() + 4) == identifier;
    }

    /// The internet checksum of RFC 1071.
    private static short checksum(byte[] bytes) {
        ByteBuffer words = ByteBuffer.wrap(bytes);
        int sum = 0;
        while (words.remaining() >= 2) {
            sum += words.getShort() & 0xffff;
        }
        return (short) ~((sum & 0xffff) + (sum >>> 16));
    }

    @Override
    public void close() throws IOException {
        SystemCalls.close(descriptor);
    }
}
