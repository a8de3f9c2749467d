package io.panal.node.sealing;

/// Which of a sender's numbers were seen: each is let in once, in any order, as long as it is not far behind the
/// highest.
///
/// Source: RFC 6479.
final class ReplayWindow {
    /// How far behind; a power of two.
    static final int WIDTH = 4096;

    private static final int WORDS = WIDTH / 64;

    private final long[] seen = new long[WORDS];
    private long highest;

    /// Whether a number may be let in; 0 never.
    boolean admits(long number) {
        if (number <= 0 || highest - number >= WIDTH - 64) {
            return false;
        }
        return number > highest || (seen[word(number)] & bit(number)) == 0;
    }

    /// To be called for a number that is admitted, when what came with it is found to be genuine.
    void mark(long number) {
        if (number > highest) {
            long steps = Math.min(WORDS, (number >>> 6) - (highest >>> 6));
            for (long word = (highest >>> 6) + 1; steps > 0; word++, steps--) {
                seen[(int) (word & (WORDS - 1))] = 0;
            }
            highest = number;
        }
        seen[word(number)] |= bit(number);
    }

    private static int word(long number) {
        return (int) (number >>> 6) & (WORDS - 1);
    }

    private static long bit(long number) {
        return 1L << (number & 63);
    }
}
