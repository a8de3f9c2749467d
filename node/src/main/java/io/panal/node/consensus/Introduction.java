package io.panal.node.consensus;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/// What a member tells a manager that is about to join: how to read the log, and where the others are.
///
/// @param generation of the log, see [Consensus#generation]
/// @param addresses `host:port` by node
public record Introduction(long generation, DataKeys keys, Map<String, String> addresses) {
    private static final int MEMBERS_MAX = 1000;

    public Introduction {
        addresses = Map.copyOf(addresses);
    }

    /// For the wire, over mutual TLS only: it holds the data keys in the clear.
    public byte[] encoded() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            byte[] encoded = keys.encoded();
            out.writeLong(generation);
            out.writeShort(encoded.length);
            out.write(encoded);
            out.writeShort(addresses.size());
            for (var address : new TreeMap<>(addresses).entrySet()) {
                out.writeUTF(address.getKey());
                out.writeUTF(address.getValue());
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot be written", e);
        }
        return bytes.toByteArray();
    }

    /// What [#encoded] gave.
    ///
    /// @throws IOException when it is nothing of the kind
    public static Introduction decode(byte[] encoded) throws IOException {
        try (var in = new DataInputStream(new ByteArrayInputStream(encoded))) {
            long generation = in.readLong();
            DataKeys keys = DataKeys.decode(in.readNBytes(in.readUnsignedShort()));
            int count = in.readUnsignedShort();
            if (count > MEMBERS_MAX) {
                throw new IOException("an introduction with " + count + " addresses");
            }
            var addresses = new TreeMap<String, String>();
            for (int i = 0; i < count; i++) {
                addresses.put(in.readUTF(), in.readUTF());
            }
            return new Introduction(generation, keys, addresses);
        }
    }
}
