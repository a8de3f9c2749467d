package io.panal.node.dataplane;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A DNS question with one name, and the answers to it that a resolver of a cluster gives (RFC 1035, RFC 6891).
final class DnsMessage {
    static final int TYPE_A = 1;
    static final int TYPE_PTR = 12;
    static final int TYPE_AAAA = 28;

    private static final int HEADER_BYTES = 12;
    private static final int TYPE_OPTIONS = 41;
    private static final int CLASSIC_BYTES = 512;
    private static final int RESPONSE = 0x8000;
    private static final int AUTHORITATIVE = 0x0400;
    private static final int TRUNCATED = 0x0200;
    private static final int RECURSION_WANTED = 0x0100;
    private static final int RECURSION_OFFERED = 0x0080;
    private static final int SERVER_FAILURE = 2;
    private static final int NO_SUCH_NAME = 3;
    private static final int REFUSED = 5;
    private static final int CODE = 15;
    private static final int NAME_OF_QUESTION = 0xc00c;
    private static final int LABEL_BYTES = 63;

    private final byte[] bytes;
    private final String name;
    private final int type;
    private final int questionEnd;
    private final int limitBytes;

    private DnsMessage(byte[] bytes, String name, int type, int questionEnd, int limitBytes) {
        this.bytes = bytes;
        this.name = name;
        this.type = type;
        this.questionEnd = questionEnd;
        this.limitBytes = limitBytes;
    }

    /// Reads a question.
    ///
    /// @return empty when it is none, or has not exactly one name
    static Optional<DnsMessage> question(ByteBuffer message) {
        byte[] bytes = new byte[message.remaining()];
        message.duplicate().get(bytes);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length < HEADER_BYTES + 5 || (in.getShort(2) & RESPONSE) != 0 || in.getShort(4) != 1) {
            return Optional.empty();
        }
        StringBuilder name = new StringBuilder();
        int at = HEADER_BYTES;
        while (at < bytes.length && bytes[at] != 0) {
            int length = Byte.toUnsignedInt(bytes[at]);
            if (length > LABEL_BYTES || at + 1 + length + 5 > bytes.length) {
                return Optional.empty();
            }
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(bytes, at + 1, length, StandardCharsets.ISO_8859_1));
            at += 1 + length;
        }
        if (at + 5 > bytes.length) {
            return Optional.empty();
        }
        int type = Short.toUnsignedInt(in.getShort(at + 1));
        int end = at + 5;
        return Optional.of(new DnsMessage(bytes, name.toString().toLowerCase(Locale.ROOT), type, end, limit(in, end)));
    }

    private static int limit(ByteBuffer in, int end) {
        boolean hasOptions = in.getShort(10) == 1
                && in.limit() >= end + 5
                && in.get(end) == 0
                && in.getShort(end + 1) == TYPE_OPTIONS;
        return hasOptions ? Math.max(CLASSIC_BYTES, Short.toUnsignedInt(in.getShort(end + 3))) : CLASSIC_BYTES;
    }

    /// The name asked for, in lower case, without a dot at its end.
    String name() {
        return name;
    }

    int type() {
        return type;
    }

    /// As it came, to be passed on.
    ByteBuffer asReceived() {
        return ByteBuffer.wrap(bytes);
    }

    /// An answer from elsewhere, if it is one to this question.
    ByteBuffer checked(ByteBuffer answer) throws IOException {
        boolean mine = answer.remaining() >= HEADER_BYTES
                && answer.getShort(answer.position()) == ByteBuffer.wrap(bytes).getShort(0);
        if (!mine) {
            throw new IOException("an answer to another question");
        }
        return answer;
    }

    /// Whether whoever answered could or would not say: another may.
    static boolean isRefusal(ByteBuffer answer) {
        int code = answer.getShort(answer.position() + 2) & CODE;
        return code == SERVER_FAILURE || code == REFUSED;
    }

    /// Addresses of the family asked for; none of it is an answer too.
    ///
    /// @param datagram whether the answer must fit one: it is cut and marked so if it does not
    ByteBuffer answer(List<InetAddress> addresses, boolean datagram) {
        int length = type == TYPE_AAAA ? 16 : 4;
        List<InetAddress> fitting = addresses.stream()
                .filter(address -> (type == TYPE_A || type == TYPE_AAAA) && address.getAddress().length == length)
                .toList();
        int room = datagram ? (limitBytes - questionEnd) / (12 + length) : 0xffff / (12 + length);
        boolean cut = fitting.size() > room;
        List<InetAddress> given = cut ? fitting.subList(0, room) : fitting;
        ByteBuffer out = begin(AUTHORITATIVE | (cut ? TRUNCATED : 0), given.size(), given.size() * (12 + length));
        for (InetAddress address : given) {
            record(out, type, address.getAddress());
        }
        return out.flip();
    }

    /// The name that an address has.
    ByteBuffer answer(String target) {
        ByteBuffer encoded = ByteBuffer.allocate(target.length() + 2);
        for (String label : target.split("\\.", -1)) {
            byte[] text = label.getBytes(StandardCharsets.ISO_8859_1);
            encoded.put((byte) text.length).put(text);
        }
        encoded.put((byte) 0);
        ByteBuffer out = begin(AUTHORITATIVE, 1, 12 + encoded.position());
        byte[] data = new byte[encoded.flip().remaining()];
        encoded.get(data);
        record(out, TYPE_PTR, data);
        return out.flip();
    }

    ByteBuffer noSuchName() {
        return begin(NO_SUCH_NAME, 0, 0).flip();
    }

    ByteBuffer failure() {
        return begin(SERVER_FAILURE, 0, 0).flip();
    }

    private ByteBuffer begin(int flags, int answers, int answerBytes) {
        ByteBuffer out = ByteBuffer.allocate(questionEnd + answerBytes);
        out.put(bytes, 0, questionEnd);
        int asked = ByteBuffer.wrap(bytes).getShort(2) & RECURSION_WANTED;
        out.putShort(2, (short) (RESPONSE | RECURSION_OFFERED | asked | flags));
        return out.putShort(6, (short) answers).putInt(8, 0);
    }

    /// Time to live is 0: the next question may have another answer.
    private static void record(ByteBuffer out, int type, byte[] data) {
        out.putShort((short) NAME_OF_QUESTION).putShort((short) type).putShort((short) 1);
        out.putInt(0).putShort((short) data.length).put(data);
    }
}
