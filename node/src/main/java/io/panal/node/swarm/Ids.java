package io.panal.node.swarm;

import java.math.BigInteger;
import java.security.SecureRandom;

/// Ids as swarmkit makes them: 128 random bits in base 36, 25 characters.
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int LENGTH = 25;
    private static final int BITS = 128;
    private static final int BASE = 36;

    private Ids() {}

    public static String fresh() {
        String digits = new BigInteger(BITS, RANDOM).toString(BASE);
        return "0".repeat(Math.max(0, LENGTH - digits.length())) + digits;
    }
}
