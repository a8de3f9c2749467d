package io.panal.node.dataplane;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// The virtual addresses of overlays with the tasks behind them. What did not change is not read again.
final class VirtualAddresses {
    /// Each virtual address with the tasks of its family.
    private static Map<InetAddress, List<InetAddress>> read(Overlay.Service service) {
        List<InetAddress> backends = service.backends().stream()
                .map(backend -> InetAddress.ofLiteral(backend.ip()))
                .toList();
        Map<InetAddress, List<InetAddress>> read = new HashMap<>();
        for (String vip : service.vips()) {
            InetAddress address = InetAddress.ofLiteral(vip);
            read.put(
                    address,
                    backends.stream()
                            .filter(backend -> backend.getClass() == address.getClass())
                            .toList());
        }
        return read;
    }

    private IdentityHashMap<Overlay.Service, Map<InetAddress, List<InetAddress>>> last = new IdentityHashMap<>();

    /// By overlay; the ingress network's are of no use to tasks.
    Map<String, Map<InetAddress, List<InetAddress>>> of(NetworkState state) {
        IdentityHashMap<Overlay.Service, Map<InetAddress, List<InetAddress>>> now = new IdentityHashMap<>(last.size());
        Map<String, Map<InetAddress, List<InetAddress>>> found = new HashMap<>();
        for (Overlay overlay : state.overlays()) {
            if (!overlay.ingress()) {
                Map<InetAddress, List<InetAddress>> services =
                        HashMap.newHashMap(overlay.services().size());
                for (Overlay.Service service : overlay.services()) {
                    Map<InetAddress, List<InetAddress>> known = last.get(service);
                    Map<InetAddress, List<InetAddress>> read = known == null ? read(service) : known;
                    now.put(service, read);
                    services.putAll(read);
                }
                found.put(overlay.id(), services);
            }
        }
        last = now;
        return found;
    }
}
