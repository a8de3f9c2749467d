package io.panal.node.sealing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/// Keys for one purpose, from a network's key: HKDF with SHA-256 (RFC 5869).
final class Derivation {
    private static final int KEY_BYTES = 32;

    private Derivation() {}

    /// What one start of one node seals frames with for one start of another, in one network: no other two have it, so
    /// a number never repeats under it.
    static byte[] frames(byte[] secret, String network, long sender, long receiver) {
        byte[] salt = ByteBuffer.allocate(16).putLong(sender).putLong(receiver).array();
        return derive(secret, salt, text("panal frames " + network));
    }

    /// What a network's members know each other's greetings by.
    static byte[] greetings(byte[] secret, String network) {
        return derive(secret, new byte[0], text("panal greetings " + network));
    }

    private static byte[] text(String purpose) {
        return purpose.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] derive(byte[] secret, byte[] salt, byte[] purpose) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.ofExtract()
                            .addIKM(secret)
                            .addSalt(salt)
                            .thenExpand(purpose, KEY_BYTES));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java from 25 on has HKDF with SHA-256", missing);
        }
    }
}
