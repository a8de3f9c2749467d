package io.panal.core;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The one shape of every active thing: it hears events and says what it wants done.
///
/// The daemon runs an actor on one thread with one mailbox, the simulator runs all on one thread.
///
/// @param <E> what it hears
/// @param <F> what it wants done, in this order
public interface Actor<E, F> {
    List<F> on(E event, Instant now);

    /// When to be asked again though nothing was heard; empty when only events matter.
    Optional<Instant> wakeAt();
}
