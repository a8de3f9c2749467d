package io.panal.node.sealing;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// How two nodes learn of each other's present start: each sends a number by chance, and believes what comes back
/// together with it.
///
/// So whoever records all packets can neither have an old start taken for the present one, nor old frames let in by
/// a daemon that was started again.
///
/// @param start of the sender's daemon, in this network
/// @param question to come back with the answer; 0 asks for none
/// @param answer the receiver's question; 0 answers none
/// @param from the sender's address, as the managers know it
record Greeting(int vni, int generation, long start, long question, long answer, InetAddress from) {
    static final byte KIND = 2;

    private static final int CONTENT_BYTES = 36;
    private static final int TAG_BYTES = 16;
    private static final int BYTES = CONTENT_BYTES + TAG_BYTES;
    private static final int VNI_BITS = 24;
    private static final int ADDRESS_BYTES = 4;

    /// Empty when these bytes are no greeting. It is nobody's before [#isGenuine].
    static Optional<Greeting> read(byte[] packet, int length) throws UnknownHostException {
        if (length != BYTES || packet[0] != KIND) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(packet);
        return Optional.of(new Greeting(
                bytes.getInt(0) & ((1 << VNI_BITS) - 1),
                bytes.getInt(4),
                bytes.getLong(8),
                bytes.getLong(16),
                bytes.getLong(24),
                InetAddress.getByAddress(Arrays.copyOfRange(packet, CONTENT_BYTES - ADDRESS_BYTES, CONTENT_BYTES))));
    }

    /// @param to the receiver's address, as the managers know it
    byte[] sealed(byte[] key, byte[] to) {
        ByteBuffer packet = ByteBuffer.allocate(BYTES);
        packet.putInt((KIND << VNI_BITS) | vni).putInt(generation).putLong(start);
        packet.putLong(question).putLong(answer).put(from.getAddress());
        packet.put(tag(key, packet.array(), to), 0, TAG_BYTES);
        return packet.array();
    }

    /// Whether one who knows the key has written a packet to this receiver.
    static boolean isGenuine(byte[] packet, byte[] key, byte[] receiver) {
        byte[] there = Arrays.copyOfRange(packet, CONTENT_BYTES, BYTES);
        return MessageDigest.isEqual(there, Arrays.copyOf(tag(key, packet, receiver), TAG_BYTES));
    }

    private static byte[] tag(byte[] key, byte[] packet, byte[] receiver) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(packet, 0, CONTENT_BYTES);
            return mac.doFinal(receiver);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java has HmacSHA256", missing);
        }
    }
}
