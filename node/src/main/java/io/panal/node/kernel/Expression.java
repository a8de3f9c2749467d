package io.panal.node.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One step of an nf_tables rule: load something into a register, compare it, act on it.
///
/// Registers: a four-byte value goes to [#FIRST] or, as the next part of a key, to the numbers after it; an interface's
/// name takes [#NAME]. Source: `linux/netfilter/nf_tables.h`.
///
/// @param name the kernel's name of the step
public record Expression(String name, NetlinkMessage.Part data) {
    public static final int FIRST = 8;
    public static final int SECOND = 9;
    public static final int THIRD = 10;
    private static final int NAME = 1;
    private static final int VERDICT = 0;
    private static final int NAME_BYTES = 16;

    private static final int EQUAL = 0;
    private static final int NOT_EQUAL = 1;
    private static final int GO_TO = -4;
    private static final int ZONE = 17;

    /// What a packet carries beside its bytes; the numbers are the kernel's.
    public enum Meta {
        MARK(3),
        FAMILY(15),
        PROTOCOL(16);

        private final int key;

        Meta(int key) {
            this.key = key;
        }
    }

    /// What conntrack knows of a packet's connection; the numbers are the kernel's.
    public enum Connection {
        STATE(0),
        DIRECTION(1),
        STATUS(2),
        MARK(3);

        private final int key;

        Connection(int key) {
            this.key = key;
        }
    }

    public static final int STATE_INVALID = 1;
    public static final int STATE_NEW = 8;
    public static final int STATUS_DESTINATION_CHANGED = 32;
    public static final int FAMILY_IPV4 = 2;
    public static final int FAMILY_IPV6 = 10;

    /// Which part of the packet an offset counts from; the numbers are the kernel's.
    public enum Base {
        LINK(0),
        NETWORK(1),
        TRANSPORT(2);

        private final int number;

        Base(int number) {
            this.number = number;
        }
    }

    public static Expression load(Meta what, int register) {
        return new Expression("meta", data -> data.big32(1, register).big32(2, what.key));
    }

    public static Expression store(Meta what, int register) {
        return new Expression("meta", data -> data.big32(2, what.key).big32(3, register));
    }

    public static Expression load(Connection what, int register) {
        return new Expression("ct", data -> data.big32(1, register).big32(2, what.key));
    }

    public static Expression store(Connection what, int register) {
        return new Expression("ct", data -> data.big32(2, what.key).big32(4, register));
    }

    /// Two bytes of a register name the zone that a connection begins in: packets that look the same are of
    /// the same connection in one zone only. Answers need no zone. To be said before conntrack sees the packet.
    public static Expression beginInZone(int register) {
        return new Expression("ct", data -> data.big32(2, ZONE).number8(3, 0).big32(4, register));
    }

    public static Expression load(Base base, int offset, int bytes, int register) {
        return new Expression(
                "payload",
                data -> data.big32(1, register)
                        .big32(2, base.number)
                        .big32(3, offset)
                        .big32(4, bytes));
    }

    /// Overwrites bytes of the packet; no checksum is touched.
    public static Expression store(Base base, int offset, int bytes, int register) {
        return new Expression(
                "payload",
                data -> data.big32(5, register)
                        .big32(2, base.number)
                        .big32(3, offset)
                        .big32(4, bytes));
    }

    public static Expression load(byte[] constant, int register) {
        return new Expression(
                "immediate", data -> data.big32(1, register).nested(2, value -> value.bytes(1, constant)));
    }

    public static Expression equal(int register, byte[] value) {
        return compare(register, EQUAL, value);
    }

    public static Expression notEqual(int register, byte[] value) {
        return compare(register, NOT_EQUAL, value);
    }

    private static Expression compare(int register, int how, byte[] value) {
        return new Expression(
                "cmp", data -> data.big32(1, register).big32(2, how).nested(3, right -> right.bytes(1, value)));
    }

    /// Keeps the bits of a mask.
    public static Expression and(int register, byte[] mask) {
        return new Expression(
                "bitwise",
                data -> data.big32(1, register)
                        .big32(2, register)
                        .big32(3, mask.length)
                        .nested(4, value -> value.bytes(1, mask))
                        .nested(5, value -> value.bytes(1, new byte[mask.length])));
    }

    /// Came in by that interface, or not.
    public static Expression[] incoming(boolean is, String device) {
        return named(6, is, device);
    }

    /// Goes out by that interface, or not.
    public static Expression[] outgoing(boolean is, String device) {
        return named(7, is, device);
    }

    private static Expression[] named(int key, boolean is, String device) {
        byte[] name = Arrays.copyOf(device.getBytes(StandardCharsets.US_ASCII), NAME_BYTES);
        return new Expression[] {
            new Expression("meta", data -> data.big32(1, NAME).big32(2, key)),
            is ? equal(NAME, name) : notEqual(NAME, name)
        };
    }

    /// The destination is an address of this namespace.
    public static Expression[] toThisHost() {
        return new Expression[] {
            new Expression("fib", data -> data.big32(1, FIRST).big32(2, 3).big32(3, 2)), equal(FIRST, host32(2))
        };
    }

    /// The connection has some bit of a word of conntrack, or none of these.
    public static Expression[] hasBits(Connection what, int bits, boolean some) {
        return new Expression[] {
            load(what, FIRST), and(FIRST, host32(bits)), some ? notEqual(FIRST, host32(0)) : equal(FIRST, host32(0))
        };
    }

    public static Expression[] isProtocol(Protocol protocol) {
        return new Expression[] {load(Meta.PROTOCOL, FIRST), equal(FIRST, new byte[] {protocol.number()})};
    }

    public static Expression[] isFamily(int family) {
        return new Expression[] {load(Meta.FAMILY, FIRST), equal(FIRST, new byte[] {(byte) family})};
    }

    /// The next number below `modulus`, round and round.
    public static Expression nextNumber(int modulus, int register) {
        return new Expression(
                "numgen",
                data -> data.big32(1, register).big32(2, modulus).big32(3, 0).big32(4, 0));
    }

    /// Looks a key up; the rule ends here for a packet without an entry.
    public static Expression contained(String set, int register) {
        return new Expression("lookup", data -> data.text(1, set).big32(2, register));
    }

    public static Expression lookUp(String map, int register, int into) {
        return new Expression(
                "lookup", data -> data.text(1, map).big32(2, register).big32(3, into));
    }

    /// Looks a key up in a verdict map and obeys.
    public static Expression dispatch(String map, int register) {
        return lookUp(map, register, VERDICT);
    }

    /// New destination: address in `register`.
    public static Expression newDestination(int family, int register) {
        return new Expression("nat", data -> data.big32(1, 1).big32(2, family).big32(3, register));
    }

    /// New destination: address and port in two registers.
    public static Expression newDestination(int family, int address, int port) {
        return new Expression(
                "nat",
                data -> data.big32(1, 1).big32(2, family).big32(3, address).big32(5, port));
    }

    /// New source: address in a register; the port stays unless another connection has it.
    public static Expression newSource(int family, int address) {
        return new Expression("nat", data -> data.big32(1, 0).big32(2, family).big32(3, address));
    }

    /// New source: the address of the interface that it leaves by.
    public static Expression masquerade() {
        return new Expression("masq", data -> {});
    }

    public static Expression accept() {
        return verdict(1);
    }

    public static Expression drop() {
        return verdict(0);
    }

    /// Goes on in another chain and does not come back.
    public static Expression goTo(String chain) {
        return new Expression(
                "immediate",
                data -> data.big32(1, VERDICT)
                        .nested(
                                2,
                                value -> value.nested(
                                        2, verdict -> verdict.big32(1, GO_TO).text(2, chain))));
    }

    private static Expression verdict(int code) {
        return new Expression(
                "immediate",
                data -> data.big32(1, VERDICT).nested(2, value -> value.nested(2, verdict -> verdict.big32(1, code))));
    }

    public static Expression resetConnection() {
        return new Expression("reject", data -> data.big32(1, 1).number8(2, 0));
    }

    /// Answers that the port is unreachable, in the packet's own family.
    public static Expression portUnreachable() {
        return new Expression("reject", data -> data.big32(1, 2).number8(2, 1));
    }

    /// Answers that the host is unreachable, in the packet's own family.
    public static Expression hostUnreachable() {
        return new Expression("reject", data -> data.big32(1, 2).number8(2, 2));
    }

    /// Lowers the segment size that a TCP handshake announces to what the route carries.
    public static Expression[] clampSegments() {
        return new Expression[] {
            load(Base.TRANSPORT, 13, 1, FIRST),
            and(FIRST, new byte[] {2}),
            notEqual(FIRST, new byte[] {0}),
            new Expression("rt", data -> data.big32(1, FIRST).big32(2, 3)),
            new Expression(
                    "byteorder",
                    data -> data.big32(1, FIRST)
                            .big32(2, FIRST)
                            .big32(3, 1)
                            .big32(4, 2)
                            .big32(5, 2)),
            new Expression(
                    "exthdr",
                    data -> data.big32(7, FIRST)
                            .number8(2, 2)
                            .big32(3, 2)
                            .big32(4, 2)
                            .big32(6, 1))
        };
    }

    /// Several steps as one list, for [Nftables#rule].
    public static Expression[] all(Expression[]... parts) {
        return Arrays.stream(parts).flatMap(Arrays::stream).toArray(Expression[]::new);
    }

    public static Expression[] one(Expression... steps) {
        return steps;
    }

    /// Four bytes in the machine's order, as marks, counters and conntrack's words are.
    public static byte[] host32(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array();
    }

    /// A port as the packet has it.
    public static byte[] port(int value) {
        return new byte[] {(byte) (value >> 8), (byte) value};
    }
}
