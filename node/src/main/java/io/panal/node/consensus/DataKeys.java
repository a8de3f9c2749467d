package io.panal.node.consensus;

import io.panal.node.identity.SealingKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// The keys the log and its snapshots are sealed with (AES-256-GCM), the same on every member: entries travel
/// sealed.
///
/// A sealed record names its key, so that a new key can be taken into use while old entries are still read.
public final class DataKeys {
    private final TreeMap<Integer, SealingKey> keys;

    private DataKeys(Map<Integer, SealingKey> keys) {
        this.keys = new TreeMap<>(keys);
    }

    /// A first, fresh key.
    public static DataKeys create() {
        return new DataKeys(Map.of(1, SealingKey.fresh()));
    }

    /// These keys and a fresh one, with which everything is sealed from now on.
    public DataKeys rotated() {
        var more = new TreeMap<>(keys);
        more.put(keys.lastKey() + 1, SealingKey.fresh());
        return new DataKeys(more);
    }

    /// What [#encoded] gave.
    ///
    /// @throws IOException when it is nothing of the kind
    public static DataKeys decode(byte[] encoded) throws IOException {
        var keys = new TreeMap<Integer, SealingKey>();
        try (var in = new DataInputStream(new ByteArrayInputStream(encoded))) {
            int count = in.readUnsignedByte();
            for (int i = 0; i < count; i++) {
                int id = in.readInt();
                keys.put(id, SealingKey.decode(in.readNBytes(SealingKey.BYTES)));
            }
        }
        if (keys.isEmpty()) {
            throw new IOException("no data key");
        }
        return new DataKeys(keys);
    }

    /// The keys in the clear: to be sealed for this disk, or for another manager over mutual TLS.
    public byte[] encoded() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(keys.size());
            for (var key : keys.entrySet()) {
                out.writeInt(key.getKey());
                out.write(key.getValue().encoded());
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot be written", e);
        }
        return bytes.toByteArray();
    }

    /// @param bound what must be the same when it is opened; not part of the result
    byte[] seal(byte[] content, byte[] bound) {
        byte[] sealed = keys.lastEntry().getValue().seal(content, bound);
        return ByteBuffer.allocate(Integer.BYTES + sealed.length)
                .putInt(keys.lastKey())
                .put(sealed)
                .array();
    }

    /// @throws IOException when it was sealed with a key not held here, or was changed
    byte[] open(byte[] sealed, byte[] bound) throws IOException {
        if (sealed.length < Integer.BYTES) {
            throw new IOException("a sealed record is cut");
        }
        int id = ByteBuffer.wrap(sealed).getInt();
        SealingKey key = keys.get(id);
        if (key == null) {
            throw new IOException("a record is sealed with data key " + id + ", which this node does not hold");
        }
        return key.open(Arrays.copyOfRange(sealed, Integer.BYTES, sealed.length), bound);
    }
}
