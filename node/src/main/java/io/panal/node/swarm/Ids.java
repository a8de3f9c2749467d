package io.panal.node.swarm;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.SecureRandom;

/// Ids as swarmkit makes them: 128 random bits in base 36, 25 characters.
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int LENGTH = 25;
    private static final int BITS = 128;
    private static final int BASE = 36;

    private Ids() {}

    public static String fresh() {
        return written(new BigInteger(BITS, RANDOM));
    }

    /// The id of whoever holds a key: the first 128 bits of the key's SHA-256.
    public static String of(PublicKey key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
            return written(new BigInteger(1, digest, 0, BITS / Byte.SIZE));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String written(BigInteger number) {
        String digits = number.toString(BASE);
        return "0".repeat(Math.max(0, LENGTH - digits.length())) + digits;
    }
}
