package io.panal.core.manager.keys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// New keys of 256 bits. The same seed gives the same keys; who learns a key, or all that is left here afterwards,
/// learns none of the others.
public final class Secrets {
    private static final byte KEY = 1;
    private static final byte REST = 2;

    private byte[] state;

    /// @param seed 256 bits of chance or more, in any spelling
    public Secrets(String seed) {
        state = digest(seed.getBytes(StandardCharsets.UTF_8), REST);
    }

    /// In base 64.
    String next() {
        byte[] key = digest(state, KEY);
        state = digest(state, REST);
        return Base64.getEncoder().encodeToString(key);
    }

    private static byte[] digest(byte[] content, byte purpose) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(content);
            digest.update(purpose);
            return digest.digest();
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java has SHA-256", missing);
        }
    }
}
