package io.panal.node.link;

import java.io.IOException;
import java.util.Arrays;

/// What goes down a session: messages as they are, and the manager's own words.
sealed interface Frame {
    /// The session is accepted; messages follow.
    record Welcome() implements Frame {}

    /// Connect to another manager, or to any when the address is empty.
    record GoTo(String address, String why) implements Frame {}

    /// Open a stream with this number; the request is the first message a manager sends on it.
    record Open(String stream, String kind) implements Frame {}

    /// A message for the node.
    final class Message implements Frame {
        private final byte[] content;

        Message(byte[] content) {
            this.content = content;
        }

        byte[] content() {
            return content;
        }
    }

    default byte[] encoded() {
        return Wire.bytes(out -> {
            switch (this) {
                case Message message -> {
                    out.writeByte(0);
                    out.write(message.content());
                }
                case Welcome _ -> out.writeByte(1);
                case GoTo(String address, String why) -> {
                    out.writeByte(2);
                    Wire.writeText(out, address);
                    Wire.writeText(out, why);
                }
                case Open(String stream, String kind) -> {
                    out.writeByte(3);
                    Wire.writeText(out, stream);
                    Wire.writeText(out, kind);
                }
            }
        });
    }

    static Frame decode(byte[] encoded) throws IOException {
        var in = Wire.reader(encoded);
        int kind = in.readUnsignedByte();
        return switch (kind) {
            case 0 -> new Message(Arrays.copyOfRange(encoded, 1, encoded.length));
            case 1 -> new Welcome();
            case 2 -> new GoTo(Wire.readText(in), Wire.readText(in));
            case 3 -> new Open(Wire.readText(in), Wire.readText(in));
            default -> throw new IOException("a frame of an unknown kind: " + kind);
        };
    }
}
