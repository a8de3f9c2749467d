package io.panal.program.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// What comes true in its own time.
final class Eventually {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private Eventually() {}

    static void is(String what, String wanted, Supplier<String> look) {
        String seen = last(look, wanted::equals);
        assertThat(seen).as(what).isEqualTo(wanted);
    }

    /// @return what was seen when it was as wanted
    static <T> T holds(String what, Supplier<T> look, Predicate<T> wanted) {
        T seen = last(look, wanted);
        assertThat(seen).as(what).matches(wanted, "comes true in " + PATIENCE.toSeconds() + " s");
        return seen;
    }

    /// Repeats assertions until all hold.
    static void asserted(Runnable assertions) {
        Supplier<Optional<AssertionError>> look = () -> {
            try {
                assertions.run();
                return Optional.empty();
            } catch (AssertionError notYet) {
                return Optional.of(notYet);
            }
        };
        last(look, Optional::isEmpty).ifPresent(fail());
    }

    private static Consumer<AssertionError> fail() {
        return error -> {
            throw error;
        };
    }

    private static <T> T last(Supplier<T> look, Predicate<T> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        T seen = look.get();
        while (!wanted.test(seen) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            seen = look.get();
        }
        return seen;
    }
}
