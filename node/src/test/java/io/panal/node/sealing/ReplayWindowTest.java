package io.panal.node.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayWindowTest {
    private final ReplayWindow window = new ReplayWindow();

    private boolean lets(long number) {
        boolean admitted = window.admits(number);
        if (admitted) {
            window.mark(number);
        }
        return admitted;
    }

    @Test
    void aNumberIsLetInOnceInAnyOrder() {
        for (long number : new long[] {1, 5, 3, 2, 4, 700, 699, 701}) {
            assertThat(lets(number)).isTrue();
            assertThat(lets(number)).isFalse();
        }
        assertThat(lets(0)).isFalse();
        assertThat(lets(-1)).isFalse();
    }

    @Test
    void whatIsOnlyAskedForIsNotMarked() {
        assertThat(window.admits(9)).isTrue();
        assertThat(window.admits(9)).isTrue();
    }

    @Test
    void whatIsTooFarBehindIsRefused() {
        assertThat(lets(100_000)).isTrue();
        assertThat(lets(100_000 - ReplayWindow.WIDTH)).isFalse();
        assertThat(lets(100_000 - ReplayWindow.WIDTH + 65)).isTrue();
        assertThat(lets(Long.MAX_VALUE)).isTrue();
        assertThat(lets(100_001)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void noNumberIsEverLetInTwice(long seed) {
        Random random = new Random(seed);
        Set<Long> seen = new HashSet<>();
        long at = 1;
        for (int i = 0; i < 200_000; i++) {
            at += random.nextInt(100) == 0 ? random.nextInt(10_000) : random.nextInt(3);
            long number = Math.max(1, at - random.nextInt(2 * ReplayWindow.WIDTH));
            boolean expected = at == number && !seen.contains(number);
            boolean admitted = lets(number);
            assertThat(admitted && seen.contains(number)).as("%d twice", number).isFalse();
            assertThat(!expected || admitted).as("%d refused", number).isTrue();
            if (admitted) {
                seen.add(number);
            }
        }
    }
}
