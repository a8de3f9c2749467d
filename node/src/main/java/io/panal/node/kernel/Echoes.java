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
    private static final int SENDER = 12;
    private static final int RECEIVE_BYTES = 2048;

    private final int descriptor;
    private final byte[] identifier = new byte[2];
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment question = arena.allocate(HEADER_BYTES);
    private final MemorySegment answer = arena.allocate(RECEIVE_BYTES);
    private final MemorySegment target = SystemCalls.ipv4Target(arena);
    private final MemorySegment state = SystemCalls.state(arena);

    private Echoes(int descriptor) {
        this.descriptor = descriptor;
        new Random().nextBytes(identifier);
        byte[] message = {QUESTION, 0, 0, 0, identifier[0], identifier[1], 0, 0};
        ByteBuffer.wrap(message).putShort(2, checksum(message));
        question.copyFrom(MemorySegment.ofArray(message));
    }

    /// From a namespace's own addresses; to be used and closed by the calling thread alone.
    ///
    /// @throws KernelException without CAP_NET_RAW
    public static Echoes open(NetworkNamespace namespace) throws IOException {
        int descriptor = namespace.enter(() -> SystemCalls.ipv4Socket(ICMP));
        SystemCalls.setOption(descriptor, SOL_RAW, ICMP_FILTER, ~(1 << ANSWER));
        return new Echoes(descriptor);
    }

    /// Asks one host; the answer, if any, is found by [#answers] later.
    ///
    /// @return false when the question could not even be sent, as without a route
    public boolean ask(Inet4Address host) {
        return SystemCalls.sendTo(descriptor, question, target, host.getAddress(), state);
    }

    /// Who has answered since the last call; does not wait.
    public Set<InetAddress> answers() throws IOException {
        Set<InetAddress> answered = new HashSet<>();
        for (int length = SystemCalls.receiveNow(descriptor, answer, state);
                length >= 0;
                length = SystemCalls.receiveNow(descriptor, answer, state)) {
            int message = length == 0 ? 0 : (at(0) & 0xf) * 4;
            if (length >= message + HEADER_BYTES && isOurs(message)) {
                answered.add(InetAddress.getByAddress(
                        new byte[] {at(SENDER), at(SENDER + 1), at(SENDER + 2), at(SENDER + 3)}));
            }
        }
        return answered;
    }

    private byte at(int offset) {
        return answer.get(ValueLayout.JAVA_BYTE, offset);
    }

    private boolean isOurs(int message) {
        return at(message) == ANSWER && at(message + 4) == identifier[0] && at(message + 5) == identifier[1];
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
        try (arena) {
            SystemCalls.close(descriptor);
        }
    }
}
