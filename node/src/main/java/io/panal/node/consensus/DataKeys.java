package io.panal.node.consensus;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The keys the log and its snapshots are sealed with (AES-256-GCM), the same on every member: entries travel
/// sealed.
///
/// A sealed record names its key, so that a new key can be taken into use while old entries are still read.
public final class DataKeys {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int HEADER_BYTES = Integer.BYTES + NONCE_BYTES;
    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final TreeMap<Integer, SecretKey> keys;

    private DataKeys(Map<Integer, SecretKey> keys) {
        this.keys = new TreeMap<>(keys);
    }

    /// A first, fresh key.
    public static DataKeys create() {
        return new DataKeys(Map.of(1, freshKey()));
    }

    /// These keys and a fresh one, with which everything is sealed from now on.
    public DataKeys rotated() {
        var more = new TreeMap<>(keys);
        more.put(keys.lastKey() + 1, freshKey());
        return new DataKeys(more);
    }

    /// What [#encoded] gave.
    ///
    /// @throws IOException when it is nothing of the kind
    public static DataKeys decode(byte[] encoded) throws IOException {
        var keys = new TreeMap<Integer, SecretKey>();
        try (var in = new DataInputStream(new ByteArrayInputStream(encoded))) {
            int count = in.readUnsignedByte();
            for (int i = 0; i < count; i++) {
                int id = in.readInt();
                keys.put(id, new SecretKeySpec(in.readNBytes(KEY_BYTES), "AES"));
            }
        }
        if (keys.isEmpty()) {
            throw new IOException("no data key");
        }
        return new DataKeys(keys);
    }

    /// The keys in the clear: for a file only its owner reads, or for another manager over mutual TLS.
    public byte[] encoded() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(keys.size());
            for (var key : keys.entrySet()) {
                out.writeInt(key.getKey());
                out.write(key.getValue().getEncoded());
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot be written", e);
        }
        return bytes.toByteArray();
    }

    /// @param bound what must be the same when it is opened; not part of the result
    byte[] seal(byte[] content, byte[] bound) {
        var nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            Cipher cipher = Cipher.getInstance(TRANSFORMATION);
            cipher.init(Cipher.ENCRYPT_MODE, keys.lastEntry().getValue(), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(bound);
            byte[] sealed = cipher.doFinal(content);
            return ByteBuffer.allocate(HEADER_BYTES + sealed.length)
                    .putInt(keys.lastKey())
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    /// @throws IOException when it was sealed with a key not held here, or was changed
    byte[] open(byte[] sealed, byte[] bound) throws IOException {
        if (sealed.length < HEADER_BYTES) {
            throw new IOException("a sealed record is cut");
        }
        int id = ByteBuffer.wrap(sealed).getInt();
        SecretKey key = keys.get(id);
        if (key == null) {
            throw new IOException("a record is sealed with data key " + id + ", which this node does not hold");
        }
        try {
            Cipher cipher = Cipher.getInstance(TRANSFORMATION);
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, sealed, Integer.BYTES, NONCE_BYTES));
            cipher.updateAAD(bound);
            return cipher.doFinal(sealed, HEADER_BYTES, sealed.length - HEADER_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IOException("a sealed record cannot be opened: " + e.getMessage(), e);
        }
    }

    private static SecretKey freshKey() {
        var key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        return new SecretKeySpec(key, "AES");
    }
}
