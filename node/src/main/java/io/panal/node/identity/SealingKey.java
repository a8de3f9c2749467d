package io.panal.node.identity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A key for what is kept on disk (AES-256-GCM).
public final class SealingKey {
    /// How many bytes [#encoded] gives.
    public static final int BYTES = 32;

    private static final String UNLOCK_PREFIX = "SWMKEY-1-";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKey key;

    private SealingKey(byte[] encoded) {
        key = new SecretKeySpec(encoded, "AES");
    }

    public static SealingKey fresh() {
        var encoded = new byte[BYTES];
        RANDOM.nextBytes(encoded);
        return new SealingKey(encoded);
    }

    /// What [#encoded] gave.
    ///
    /// @throws IOException when it is nothing of the kind
    public static SealingKey decode(byte[] encoded) throws IOException {
        if (encoded.length != BYTES) {
            throw new IOException("a key of %d bytes".formatted(encoded.length));
        }
        return new SealingKey(encoded);
    }

    /// What [#unlockKey] gave; empty when it is nothing of the kind.
    public static Optional<SealingKey> ofUnlockKey(String text) {
        if (!text.startsWith(UNLOCK_PREFIX)) {
            return Optional.empty();
        }
        try {
            byte[] encoded = Base64.getDecoder().decode(text.substring(UNLOCK_PREFIX.length()));
            return encoded.length == BYTES ? Optional.of(new SealingKey(encoded)) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// The key as users keep it, in swarmkit's form: `SWMKEY-1-` and unpadded base 64.
    public String unlockKey() {
        return UNLOCK_PREFIX + Base64.getEncoder().withoutPadding().encodeToString(encoded());
    }

    /// The key in the clear.
    public byte[] encoded() {
        return key.getEncoded();
    }

    /// @param bound what must be the same when it is opened; not part of the result
    public byte[] seal(byte[] content, byte[] bound) {
        var nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            Cipher cipher = Cipher.getInstance(TRANSFORMATION);
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(bound);
            byte[] sealed = cipher.doFinal(content);
            return ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    /// @throws IOException when it was sealed with another key, or was changed
    public byte[] open(byte[] sealed, byte[] bound) throws IOException {
        if (sealed.length < NONCE_BYTES) {
            throw new IOException("a sealed record is cut");
        }
        try {
            Cipher cipher = Cipher.getInstance(TRANSFORMATION);
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, sealed, 0, NONCE_BYTES));
            cipher.updateAAD(bound);
            return cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IOException("a sealed record cannot be opened: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SealingKey same && key.equals(same.key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }
}
