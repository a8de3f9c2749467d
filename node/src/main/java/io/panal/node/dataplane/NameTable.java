package io.panal.node.dataplane;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The names of a cluster's networks, and of this host's own, at one moment.
final class NameTable {
    private static final String REVERSE4 = ".in-addr.arpa";
    private static final String REVERSE6 = ".ip6.arpa";

    static final NameTable EMPTY = new NameTable(List.of(), List.of(), List.of());

    private final Map<String, LazyZone> zones = new HashMap<>();
    private final Set<String> networks = new HashSet<>();

    private record Zone(String name, Map<String, Set<InetAddress>> addresses, Map<InetAddress, String> names) {
        void add(String name, InetAddress address) {
            addresses
                    .computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new LinkedHashSet<>())
                    .add(address);
        }
    }

    /// Made when somebody asks: networks change oftener than names are asked for.
    private static final class LazyZone {
        private final Supplier<Zone> made;
        private @Nullable Zone zone;

        LazyZone(Supplier<Zone> made) {
            this.made = made;
        }

        synchronized Zone zone() {
            Zone known = zone == null ? made.get() : zone;
            zone = known;
            return known;
        }
    }

    private Optional<Zone> zone(String networkId) {
        return Optional.ofNullable(zones.get(networkId)).map(LazyZone::zone);
    }

    /// @param overlays the ingress network's services have no names
    /// @param local the tasks of this node
    NameTable(List<Overlay> overlays, List<Bridge> bridges, List<TaskPlan> local) {
        for (Overlay overlay : overlays) {
            networks.add(overlay.id());
            if (!overlay.ingress()) {
                zones.put(overlay.id(), new LazyZone(() -> zone(overlay, local)));
            }
        }
        for (Bridge bridge : bridges) {
            networks.add(bridge.id());
            zones.put(bridge.id(), new LazyZone(() -> zone(bridge, local)));
        }
    }

    /// Whether it has been told of all these networks: only then a name that it does not know is none of theirs.
    boolean knowsAll(List<String> networkIds) {
        return networks.containsAll(networkIds);
    }

    private static Zone zone(Bridge bridge, List<TaskPlan> local) {
        Zone zone = new Zone(bridge.name(), new HashMap<>(), new HashMap<>());
        for (TaskPlan plan : local) {
            Optional<TaskPlan.Wire> wire = plan.wireIn(bridge.id());
            for (TaskNetwork.Attachment attachment : plan.task().attachments()) {
                if (wire.isPresent() && attachment.networkId().equals(bridge.id())) {
                    name(zone, attachment.aliases(), wire.get());
                }
            }
        }
        return zone;
    }

    private static void name(Zone zone, List<String> aliases, TaskPlan.Wire wire) {
        for (Cidr own : wire.addresses()) {
            if (!own.address().isLinkLocalAddress()) {
                aliases.forEach(alias -> zone.add(alias, own.address()));
                aliases.stream().findFirst().ifPresent(first -> zone.names().put(own.address(), first));
            }
        }
    }

    private static Zone zone(Overlay overlay, List<TaskPlan> local) {
        Zone zone = new Zone(overlay.name(), new HashMap<>(), new HashMap<>());
        for (Overlay.Service service : overlay.services()) {
            List<InetAddress> tasks = service.backends().stream()
                    .map(backend -> InetAddress.ofLiteral(backend.ip()))
                    .toList();
            List<InetAddress> own = service.vips().isEmpty()
                    ? tasks
                    : service.vips().stream().map(InetAddress::ofLiteral).toList();
            List<String> names = new ArrayList<>(service.aliases());
            names.add(service.name());
            for (String name : names) {
                own.forEach(address -> zone.add(name, address));
                tasks.forEach(address -> zone.add("tasks." + name, address));
            }
            service.vips().forEach(vip -> zone.names().put(InetAddress.ofLiteral(vip), service.name()));
            for (Overlay.Backend backend : service.backends()) {
                InetAddress address = InetAddress.ofLiteral(backend.ip());
                backend.names().forEach(name -> zone.add(name, address));
                backend.names().stream()
                        .findFirst()
                        .ifPresent(name -> zone.names().put(address, name));
            }
        }
        for (TaskPlan plan : local) {
            plan.wireIn(overlay.id())
                    .ifPresent(wire -> plan.task().attachments().stream()
                            .filter(attachment -> attachment.networkId().equals(overlay.id()))
                            .flatMap(attachment -> attachment.aliases().stream())
                            .forEach(alias -> wire.addresses().forEach(own -> zone.add(alias, own.address()))));
        }
        return zone;
    }

    /// The addresses of a name as a task on these networks sees it, in an order that differs from time to time.
    ///
    /// @param name in lower case; `name.network` says which network is meant
    /// @return empty when no network knows it
    Optional<List<InetAddress>> addresses(String name, List<String> networkIds) {
        for (String networkId : networkIds) {
            Optional<Zone> known = zone(networkId);
            if (known.isPresent()) {
                Zone zone = known.get();
                String suffix = "." + zone.name().toLowerCase(Locale.ROOT);
                Set<InetAddress> found = zone.addresses().get(name);
                if (found == null && name.endsWith(suffix)) {
                    found = zone.addresses().get(name.substring(0, name.length() - suffix.length()));
                }
                if (found != null) {
                    List<InetAddress> shuffled = new ArrayList<>(found);
                    Collections.shuffle(shuffled);
                    return Optional.of(shuffled);
                }
            }
        }
        return Optional.empty();
    }

    /// The name of an address that is asked for as `4.3.2.1.in-addr.arpa`, or in 32 digits below `ip6.arpa`.
    Optional<String> nameOf(String reverse, List<String> networkIds) {
        return reversed(reverse)
                .flatMap(address -> networkIds.stream()
                        .flatMap(id -> zone(id).stream())
                        .flatMap(zone ->
                                Optional.ofNullable(zone.names().get(address))
                                        .map(name -> name + "." + zone.name())
                                        .stream())
                        .findFirst());
    }

    private static Optional<InetAddress> reversed(String reverse) {
        if (reverse.endsWith(REVERSE4)) {
            List<String> digits = labels(reverse, REVERSE4);
            return digits.size() == 4 ? literal(String.join(".", digits)) : Optional.empty();
        }
        if (reverse.endsWith(REVERSE6)) {
            String digits = String.join("", labels(reverse, REVERSE6));
            return digits.length() == 32 ? literal(String.join(":", digits.split("(?<=\\G.{4})"))) : Optional.empty();
        }
        return Optional.empty();
    }

    private static List<String> labels(String reverse, String below) {
        return List.of(reverse.substring(0, reverse.length() - below.length()).split("\\.", -1))
                .reversed();
    }

    private static Optional<InetAddress> literal(String address) {
        try {
            return Optional.of(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }
}
