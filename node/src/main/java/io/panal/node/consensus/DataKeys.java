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
/// A sealed record names its key, so that a new key can be taken into use while old entries are still read. A key
/// becomes known to all first, then is used, and is settled when nothing on disk is sealed with the ones before it.
public final class DataKeys {
    /// Older ones are forgotten: what they sealed was purged long ago.
    private static final int KEPT = 100;

    private final TreeMap<Integer, Held> keys;
    private final int used;
    private final int settled;

    /// @param purpose why it was made: another number asks for another key; 0 for a swarm whose managers are not locked
    private record Held(SealingKey key, long purpose) {}

    private DataKeys(Map<Integer, Held> keys, int used, int settled) {
        this.keys = new TreeMap<>(keys);
        this.used = used;
        this.settled = settled;
        while (this.keys.size() > KEPT) {
            this.keys.pollFirstEntry();
        }
    }

    /// A first, fresh key.
    public static DataKeys create() {
        return new DataKeys(Map.of(1, new Held(SealingKey.fresh(), 0)), 1, 1);
    }

    /// These and one more, which is not used yet; no change when it is known.
    DataKeys knowing(int id, SealingKey key, long purpose) {
        var more = new TreeMap<>(keys);
        more.putIfAbsent(id, new Held(key, purpose));
        return new DataKeys(more, used, settled);
    }

    /// Everything is sealed with this key from now on.
    DataKeys using(int id) {
        return keys.containsKey(id) ? new DataKeys(keys, Math.max(used, id), settled) : this;
    }

    /// Nothing on disk is sealed with a key before this one.
    DataKeys settledOn(int id) {
        return new DataKeys(keys, used, Math.max(settled, id));
    }

    /// All that either holds, as far as the further one is.
    DataKeys and(DataKeys others) {
        var all = new TreeMap<>(keys);
        all.putAll(others.keys);
        return new DataKeys(all, Math.max(used, others.used), Math.max(settled, others.settled));
    }

    int newest() {
        return keys.lastKey();
    }

    int used() {
        return used;
    }

    int settled() {
        return settled;
    }

    boolean isNewestFor(long purpose) {
        return keys.lastEntry().getValue().purpose() == purpose;
    }

    /// What [#encoded] gave.
    ///
    /// @throws IOException when it is nothing of the kind
    public static DataKeys decode(byte[] encoded) throws IOException {
        var keys = new TreeMap<Integer, Held>();
        try (var in = new DataInputStream(new ByteArrayInputStream(encoded))) {
            // Former versions wrote the count and the keys alone; the first byte of a key's number is zero.
            boolean isFormer = encoded.length > 0 && encoded[0] != 0;
            int used = isFormer ? 1 : in.readInt();
            int settled = isFormer ? 1 : in.readInt();
            int count = in.readUnsignedByte();
            for (int i = 0; i < count; i++) {
                int id = in.readInt();
                long purpose = isFormer ? 0 : in.readLong();
                keys.put(id, new Held(SealingKey.decode(in.readNBytes(SealingKey.BYTES)), purpose));
            }
            if (!keys.containsKey(used)) {
                throw new IOException("no data key");
            }
            return new DataKeys(keys, used, settled);
        }
    }

    /// The keys in the clear: to be sealed for this disk, or for another manager over mutual TLS.
    public byte[] encoded() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeInt(used);
            out.writeInt(settled);
            out.writeByte(keys.size());
            for (var held : keys.entrySet()) {
                out.writeInt(held.getKey());
                out.writeLong(held.getValue().purpose());
                out.write(held.getValue().key().encoded());
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot be written", e);
        }
        return bytes.toByteArray();
    }

    /// @param bound what must be the same when it is opened; not part of the result
    byte[] seal(byte[] content, byte[] bound) {
        byte[] sealed = held(used).seal(content, bound);
        return ByteBuffer.allocate(Integer.BYTES + sealed.length)
                .putInt(used)
                .put(sealed)
                .array();
    }

    /// @throws IOException when it was sealed with a key not held here, or was changed
    byte[] open(byte[] sealed, byte[] bound) throws IOException {
        if (sealed.length < Integer.BYTES) {
            throw new IOException("a sealed record is cut");
        }
        int id = ByteBuffer.wrap(sealed).getInt();
        if (!keys.containsKey(id)) {
            throw new IOException("a record is sealed with data key " + id + ", which this node does not hold");
        }
        return held(id).open(Arrays.copyOfRange(sealed, Integer.BYTES, sealed.length), bound);
    }

    private SealingKey held(int id) {
        Held held = keys.get(id);
        if (held == null) {
            throw new IllegalStateException("data key %d is not held".formatted(id));
        }
        return held.key();
    }
}
