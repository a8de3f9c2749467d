package io.panal.core.manager.turn;

import io.panal.core.model.Id;

/// New ids: 25 characters of base 36, as Docker's. The same seed gives the same ids.
public final class Names {
    private static final int LENGTH = 25;
    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    public Names(long seed) {
        this.state = seed;
    }

    public <T> Id<T> next() {
        StringBuilder name = new StringBuilder(LENGTH);
        while (name.length() < LENGTH) {
            long bits = mixed();
            // 12 digits of base 36 take 62.04 bits: the few values above are not missed.
            for (int i = 0; i < 12 && name.length() < LENGTH; i++) {
                name.append(DIGITS.charAt((int) Long.remainderUnsigned(bits, 36)));
                bits = Long.divideUnsigned(bits, 36);
            }
        }
        return new Id<>(name.toString());
    }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    private long mixed() {
        state += GOLDEN_GAMMA;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
