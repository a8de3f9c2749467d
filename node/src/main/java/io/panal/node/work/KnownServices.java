package io.panal.node.work;

import io.panal.core.agent.NetworkOrders.Balanced;
import io.panal.node.dataplane.Overlay;
import java.util.IdentityHashMap;
import java.util.function.Supplier;

/// The services of the last orders in the data plane's words: of thousands one changes, and the others are the same
/// objects in the next orders. Not to be shared by threads.
final class KnownServices {
    private IdentityHashMap<Balanced, Overlay.Service> last = new IdentityHashMap<>();
    private IdentityHashMap<Balanced, Overlay.Service> now = new IdentityHashMap<>();

    /// Other orders come: what they do not name is forgotten.
    void begin() {
        last = now;
        now = new IdentityHashMap<>(last.size());
    }

    Overlay.Service of(Balanced service, Supplier<Overlay.Service> made) {
        Overlay.Service known = last.get(service);
        Overlay.Service same = known == null ? made.get() : known;
        now.put(service, same);
        return same;
    }
}
