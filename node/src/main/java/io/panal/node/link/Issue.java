package io.panal.node.link;

import java.io.DataInputStream;
import java.io.IOException;

/// The answer to an enrolment or a request to join, on the wire.
sealed interface Issue {
    /// @param chain the certificate, or what else was asked for
    /// @param roots the authorities to trust
    record Granted(String chain, String roots) implements Issue {}

    record Refused(String why) implements Issue {}

    record Elsewhere(String address) implements Issue {}

    record Later(String why) implements Issue {}

    default byte[] encoded() {
        return Wire.bytes(out -> {
            switch (this) {
                case Granted(String chain, String roots) -> {
                    out.writeByte(0);
                    Wire.writeText(out, chain);
                    Wire.writeText(out, roots);
                }
                case Refused(String why) -> {
                    out.writeByte(1);
                    Wire.writeText(out, why);
                }
                case Elsewhere(String address) -> {
                    out.writeByte(2);
                    Wire.writeText(out, address);
                }
                case Later(String why) -> {
                    out.writeByte(3);
                    Wire.writeText(out, why);
                }
            }
        });
    }

    static Issue decode(byte[] encoded) throws IOException {
        DataInputStream in = Wire.reader(encoded);
        int kind = in.readUnsignedByte();
        return switch (kind) {
            case 0 -> new Granted(Wire.readText(in), Wire.readText(in));
            case 1 -> new Refused(Wire.readText(in));
            case 2 -> new Elsewhere(Wire.readText(in));
            case 3 -> new Later(Wire.readText(in));
            default -> throw new IOException("an answer of an unknown kind: " + kind);
        };
    }
}
