package io.panal.machines;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;

/// A condition that comes true in its own time.
final class Eventually {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Eventually() {}

    static void is(String wanted, Callable<String> look) throws Exception {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        var seen = look.call();
        while (!seen.equals(wanted) && System.nanoTime() < deadline) {
            Thread.sleep(20);
            seen = look.call();
        }
        assertThat(seen).isEqualTo(wanted);
    }
}
