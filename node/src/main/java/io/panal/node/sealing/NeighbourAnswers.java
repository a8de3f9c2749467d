package io.panal.node.sealing;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.LongPredicate;

/// Answers to who asks for an endpoint's MAC, by ARP (RFC 826) or neighbour discovery (RFC 4861): an endpoint's MAC
/// follows from its address, so nobody elsewhere is to be asked.
final class NeighbourAnswers {
    private static final int TYPE_OFFSET = 12;
    private static final int ARP = 0x0806;
    private static final int IPV6 = 0x86dd;
    private static final int ARP_BYTES = 42;
    private static final int ARP_REQUEST = 1;
    private static final int ARP_ANSWER = 2;
    private static final int SOLICITATION_BYTES = 78;
    private static final int ADVERTISEMENT_BYTES = 86;
    private static final int ICMPV6 = 58;
    private static final byte SOLICITATION = (byte) 135;
    private static final byte ADVERTISEMENT = (byte) 136;
    private static final int SOLICITED_AND_OVERRIDE = 0x60000000;
    private static final long ENDPOINT = 0x0242L << 32;

    private NeighbourAnswers() {}

    /// @param known whether there is an endpoint with such a MAC elsewhere
    /// @return the frame to be given back; empty when nothing is asked, or for somebody else
    static Optional<byte[]> answer(byte[] frame, int length, LongPredicate known) {
        ByteBuffer asked = ByteBuffer.wrap(frame, 0, length);
        int type = asked.getShort(TYPE_OFFSET) & 0xffff;
        if (type == ARP && length >= ARP_BYTES && asked.getShort(20) == ARP_REQUEST) {
            return arp(frame, known);
        }
        boolean isSolicitation = type == IPV6
                && length >= SOLICITATION_BYTES
                && asked.get(20) == ICMPV6
                && asked.get(54) == SOLICITATION;
        return isSolicitation ? advertisement(frame, known) : Optional.empty();
    }

    private static Optional<byte[]> arp(byte[] frame, LongPredicate known) {
        ByteBuffer asked = ByteBuffer.wrap(frame);
        long mac = mac(asked.getInt(38));
        // Whoever asks for its own address wants to know of others that have it.
        if (!known.test(mac) || asked.getInt(28) == asked.getInt(38)) {
            return Optional.empty();
        }
        ByteBuffer answer = ByteBuffer.allocate(ARP_BYTES);
        answer.put(frame, 6, 6);
        put(answer, mac);
        answer.put(frame, TYPE_OFFSET, 8).putShort((short) ARP_ANSWER);
        put(answer, mac);
        answer.putInt(asked.getInt(38)).put(frame, 22, 10);
        return Optional.of(answer.array());
    }

    private static Optional<byte[]> advertisement(byte[] frame, LongPredicate known) {
        ByteBuffer asked = ByteBuffer.wrap(frame);
        long mac = mac(asked.getInt(74));
        // Duplicate detection asks from the unspecified address; addresses are given by the managers, once.
        boolean isNobody = asked.getLong(22) == 0 && asked.getLong(30) == 0;
        if (!known.test(mac) || isNobody) {
            return Optional.empty();
        }
        ByteBuffer answer = ByteBuffer.allocate(ADVERTISEMENT_BYTES);
        answer.put(frame, 6, 6);
        put(answer, mac);
        answer.putShort((short) IPV6).putInt(6 << 28).putShort((short) 32).put((byte) ICMPV6);
        answer.put((byte) 255).put(frame, 62, 16).put(frame, 22, 16);
        answer.put(ADVERTISEMENT).put((byte) 0).putShort((short) 0).putInt(SOLICITED_AND_OVERRIDE);
        answer.put(frame, 62, 16).put((byte) 2).put((byte) 1);
        put(answer, mac);
        answer.putShort(56, checksum(answer));
        return Optional.of(answer.array());
    }

    /// Of the ICMPv6 message in a frame of ours: over a pseudo-header and the message (RFC 4443, RFC 1071).
    private static short checksum(ByteBuffer frame) {
        int sum = 32 + ICMPV6;
        for (int at = 22; at < ADVERTISEMENT_BYTES; at += 2) {
            sum += frame.getShort(at) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return (short) ~(sum + (sum >>> 16));
    }

    /// @param address the last four bytes of an endpoint's
    private static long mac(int address) {
        return ENDPOINT | Integer.toUnsignedLong(address);
    }

    private static void put(ByteBuffer frame, long mac) {
        frame.putShort((short) (mac >>> 32)).putInt((int) mac);
    }
}
