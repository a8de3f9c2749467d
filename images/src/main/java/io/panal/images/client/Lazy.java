package io.panal.images.client;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A thing that is made when it is first asked for, once, whoever asks.
final class Lazy<T> {
    private final Supplier<T> making;
    private @Nullable T made;

    Lazy(Supplier<T> making) {
        this.making = making;
    }

    synchronized T value() {
        T known = made;
        if (known == null) {
            known = making.get();
            made = known;
        }
        return known;
    }

    /// Empty when nobody has asked yet.
    synchronized Optional<T> made() {
        return Optional.ofNullable(made);
    }
}
