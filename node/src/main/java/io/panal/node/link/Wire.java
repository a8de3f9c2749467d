package io.panal.node.link;

import io.panal.node.consensus.Membership;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What both ends of a link agree on: names, limits and the few frames that are ours. Contents are core's.
final class Wire {
    static final String SERVICE = "panal.Link";
    /// Without a certificate: the trusted roots, as text.
    static final String ROOTS = "Roots";
    /// Without a certificate: token and signing request, answered by an [Issue].
    static final String ENROLL = "Enroll";
    /// Any node: its next certificate.
    static final String RENEW = "Renew";
    /// Any node: its session, in both directions.
    static final String SESSION = "Session";
    /// Any node: the stream a manager has asked for over the session.
    static final String STREAM = "Stream";
    /// Managers: a request for the leader.
    static final String FORWARD = "Forward";
    /// Managers: what must be known before joining the log.
    static final String INTRODUCE = "Introduce";
    /// Managers: to be added to the log's members.
    static final String JOIN = "Join";
    /// Managers: where they answer from now on.
    static final String ANNOUNCE = "Announce";

    static final int MESSAGE_BYTES_MAX = 64 << 20;
    static final Duration KEEP_ALIVE = Duration.ofSeconds(10);
    static final Duration KEEP_ALIVE_ANSWER = Duration.ofSeconds(5);

    /// Ends the manager's side of a stream.
    static final byte[] END = {1};

    private Wire() {}

    /// A message from the manager's side of a stream.
    static byte[] data(byte[] content) {
        var frame = new byte[content.length + 1];
        System.arraycopy(content, 0, frame, 1, content.length);
        return frame;
    }

    static boolean isEnd(byte[] frame) {
        return frame.length == 1 && frame[0] == END[0];
    }

    static byte[] content(byte[] frame) {
        return Arrays.copyOfRange(frame, 1, frame.length);
    }

    /// Writes one of our own records; memory cannot fail.
    interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    static byte[] bytes(Writing writing) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            writing.to(out);
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot be written", e);
        }
        return bytes.toByteArray();
    }

    static DataInputStream reader(byte[] bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }

    static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(encoded.length);
        out.write(encoded);
    }

    static String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MESSAGE_BYTES_MAX) {
            throw new IOException("a text of the impossible length " + length);
        }
        byte[] encoded = in.readNBytes(length);
        if (encoded.length != length) {
            throw new IOException("a text is cut");
        }
        return new String(encoded, StandardCharsets.UTF_8);
    }

    static void writeMembership(DataOutputStream out, Optional<Membership> known) throws IOException {
        out.writeInt(known.map(Membership::members).map(List::size).orElse(0));
        if (known.isPresent()) {
            out.writeLong(known.get().index());
            for (String member : known.get().members()) {
                writeText(out, member);
            }
        }
    }

    /// @return empty when the other one does not know, or is of a version that does not tell
    static Optional<Membership> readMembership(DataInputStream in) throws IOException {
        int count = in.available() == 0 ? 0 : in.readInt();
        if (count == 0) {
            return Optional.empty();
        }
        long index = in.readLong();
        var members = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            members.add(readText(in));
        }
        return Optional.of(new Membership(index, members));
    }
}
