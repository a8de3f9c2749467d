package io.panal.node.work;

import io.panal.core.agent.NetworkOrders.Balanced;
import io.panal.node.dataplane.Overlay;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Function;

/// The services of the last orders in the data plane's words: of thousands one changes, and the others are the same
/// objects in the next orders. Not to be shared by threads.
final class KnownServices {
    private Map<Balanced, Overlay.Service> last = new IdentityHashMap<>();

    /// What gives those of the next orders; those that are not asked for are forgotten.
    Function<Balanced, Overlay.Service> next(Function<Balanced, Overlay.Service> made) {
        Map<Balanced, Overlay.Service> former = last;
        Map<Balanced, Overlay.Service> now = new IdentityHashMap<>(former.size());
        last = now;
        return service -> now.computeIfAbsent(service, fresh -> {
            Overlay.Service known = former.get(fresh);
            return known == null ? made.apply(fresh) : known;
        });
    }
}
