package io.panal.images.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LazyTest {
    private final AtomicInteger made = new AtomicInteger();
    private final Lazy<Integer> lazy = new Lazy<>(made::incrementAndGet);

    @Test
    void nothingIsMadeBeforeItIsAskedFor() {
        assertThat(lazy.made()).isEmpty();
        assertThat(made).hasValue(0);
    }

    @Test
    void itIsMadeOnce() {
        assertThat(lazy.value()).isEqualTo(1);
        assertThat(lazy.value()).isEqualTo(1);
        assertThat(lazy.made()).contains(1);
    }
}
