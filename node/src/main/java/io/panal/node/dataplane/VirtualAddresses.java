package io.panal.node.dataplane;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// The virtual addresses of overlays with the tasks behind them. What did not change is not read again.
final class VirtualAddresses {
    private record Read(List<InetAddress> vips, List<InetAddress> backends) {
        static Read of(Overlay.Service service) {
            return new Read(
                    service.vips().stream().map(InetAddress::ofLiteral).toList(),
                    service.backends().stream()
                            .map(backend -> InetAddress.ofLiteral(backend.ip()))
                            .toList());
        }
    }

    private Map<Overlay.Service, Read> last = new IdentityHashMap<>();

    /// By overlay; the ingress network's are of no use to tasks.
    Map<String, Map<InetAddress, List<InetAddress>>> of(NetworkState state) {
        Map<Overlay.Service, Read> now = new IdentityHashMap<>(last.size());
        Map<String, Map<InetAddress, List<InetAddress>>> found = new HashMap<>();
        for (Overlay overlay : state.overlays()) {
            if (!overlay.ingress()) {
                Map<InetAddress, List<InetAddress>> services =
                        HashMap.newHashMap(overlay.services().size());
                for (Overlay.Service service : overlay.services()) {
                    Read known = last.get(service);
                    Read read = known == null ? Read.of(service) : known;
                    now.put(service, read);
                    read.vips().forEach(vip -> services.put(vip, read.backends()));
                }
                found.put(overlay.id(), services);
            }
        }
        last = now;
        return found;
    }
}
