package io.panal.core.manager.control;

import io.panal.core.manager.allocator.Attachments;
import io.panal.core.manager.allocator.Ipv6Subnet;
import io.panal.core.manager.allocator.Pools;
import io.panal.core.manager.allocator.Subnet;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Network.NetworkSpec;
import io.panal.core.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is wrong with a network that a user wants in this cluster.
final class NetworkChecks {
    private static final String PREDEFINED = "com.docker.swarm.predefined";
    private static final String OWN_OPTIONS = "com.docker.network.driver.";
    private static final String MTU = "com.docker.network.driver.mtu";
    private static final int SMALLEST_MTU = 68;
    private static final int SMALLEST_MTU_OF_IPV6 = 1280;
    private static final int LARGEST_MTU = 65_485;
    /// Each packet is sealed by itself, into room for jumbo frames.
    private static final int LARGEST_MTU_OF_ENCRYPTED = 9000;

    private static final int LARGEST_VXLAN_ID = (1 << 24) - 1;
    private static final int LARGEST_BITS = 8;
    private static final int SMALLEST_BITS = 30;

    private NetworkChecks() {}

    static Optional<Answer> refusal(NetworkSpec spec, View view) {
        return name(spec, view)
                .or(() -> drivers(spec))
                .or(() -> kind(spec, view))
                .or(() -> options(spec, view))
                .or(() -> subnets(spec, view));
    }

    private static Optional<Answer> invalid(String why) {
        return Optional.of(Answers.invalid(why));
    }

    private static Optional<Answer> name(NetworkSpec spec, View view) {
        if (spec.name().isEmpty()) {
            return invalid("meta: name must be provided");
        }
        return view.networkNamed(spec.name())
                .map(_ -> new Answer.Conflict("network with name %s already exists".formatted(spec.name())));
    }

    private static Optional<Answer> drivers(NetworkSpec spec) {
        String ipam = spec.ipam().map(Network.Ipam::driver).orElse("");
        if (!ipam.isEmpty() && !ipam.equals("default")) {
            return Optional.of(new Answer.Missing("plugin \"%s\" not found".formatted(ipam)));
        }
        if (NetworkSpec.OF_NODE.contains(spec.driver())) {
            return Optional.of(Answers.unimplemented(
                    "a network of the swarm is an overlay: leave --scope out for a %s network of this host"
                            .formatted(spec.driver())));
        }
        return spec.driver().isEmpty() || spec.driver().equals("overlay")
                ? Optional.empty()
                : Optional.of(new Answer.Missing("plugin \"%s\" not found".formatted(spec.driver())));
    }

    private static Optional<Answer> kind(NetworkSpec spec, View view) {
        if (spec.labels().containsKey(PREDEFINED)) {
            return Optional.of(new Answer.Refused(
                    "rpc error: code = PermissionDenied desc = label %s is for internally created predefined networks and cannot be applied by users"
                            .formatted(PREDEFINED)));
        }
        if (!spec.ingress()) {
            return Optional.empty();
        }
        if (spec.attachable()) {
            return invalid("ingress network cannot be attachable");
        }
        if (spec.internal() || spec.enableIpv6()) {
            return invalid("ingress network cannot be %s".formatted(spec.internal() ? "internal" : "of IPv6"));
        }
        return Attachments.ingress(view)
                .map(Network::id)
                .map(id -> Answers.exists("ingress network (%s) is already present".formatted(id)));
    }

    private static Optional<Answer> options(NetworkSpec spec, View view) {
        for (Map.Entry<String, String> option : spec.options().entrySet()) {
            String value = option.getValue();
            Optional<Answer> refusal = switch (option.getKey()) {
                case MTU -> mtu(value, spec);
                case Pools.VXLAN_OPTION -> vxlanId(value, view);
                case String other
                when other.startsWith(OWN_OPTIONS) ->
                    invalid("unknown option %s: the overlay driver has %s and %s"
                            .formatted(other, MTU, Pools.VXLAN_OPTION));
                // Of other drivers: kept, shown and not looked at, as Docker does.
                case String _ -> Optional.empty();
            };
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    private static Optional<Answer> mtu(String text, NetworkSpec spec) {
        int smallest = spec.enableIpv6() ? SMALLEST_MTU_OF_IPV6 : SMALLEST_MTU;
        int largest = spec.options().containsKey(Network.ENCRYPTED) ? LARGEST_MTU_OF_ENCRYPTED : LARGEST_MTU;
        boolean fits =
                text.matches("[0-9]{1,5}") && Integer.parseInt(text) >= smallest && Integer.parseInt(text) <= largest;
        return fits
                ? Optional.empty()
                : invalid("invalid MTU value: %s: it is %d to %d".formatted(text, smallest, largest));
    }

    private static Optional<Answer> vxlanId(String text, View view) {
        boolean fits =
                text.matches("[0-9]{1,8}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= LARGEST_VXLAN_ID;
        if (!fits) {
            return invalid(
                    "invalid vxlan id value \"%s\": it is one number from 1 to %d".formatted(text, LARGEST_VXLAN_ID));
        }
        return Optional.ofNullable(Pools.vxlanIds(view).get(Integer.parseInt(text)))
                .map(other -> new Answer.Conflict("vxlan id %s is in use by network %s%s"
                        .formatted(
                                text,
                                other.spec().name(),
                                other.departing() ? ", which was removed while its tasks are still ending" : "")));
    }

    /// A subnet is of a size that addresses can be given from, overlaps no other, and what else is said of it lies
    /// within.
    private static Optional<Answer> subnets(NetworkSpec spec, View view) {
        List<Network.Subnet> asked = spec.ipam().map(Network.Ipam::config).orElse(List.of());
        List<String> others = new ArrayList<>(Pools.subnets(view, false));
        int ipv4 = 0;
        for (Network.Subnet subnet : asked) {
            Optional<Answer> refusal = subnet(subnet, spec.enableIpv6()).or(() -> overlap(subnet.subnet(), others));
            if (refusal.isPresent()) {
                return refusal;
            }
            others.add(subnet.subnet());
            ipv4 += subnet.subnet().contains(".") ? 1 : 0;
        }
        return spec.ingress() && ipv4 > 1
                ? invalid("ipam configuration: ingress network has one subnet")
                : Optional.empty();
    }

    private static Optional<Answer> overlap(String asked, List<String> others) {
        boolean overlaps = others.stream().anyMatch(other -> overlap(asked, other));
        return overlaps
                ? Optional.of(new Answer.Refused("rpc error: code = InvalidArgument desc = invalid pool request: "
                        + "Pool overlaps with other one on this address space: " + asked))
                : Optional.empty();
    }

    private static boolean overlap(String one, String other) {
        return Subnet.parse(one)
                        .filter(left ->
                                Subnet.parse(other).filter(left::overlaps).isPresent())
                        .isPresent()
                || Ipv6Subnet.parse(one)
                        .filter(left ->
                                Ipv6Subnet.parse(other).filter(left::overlaps).isPresent())
                        .isPresent();
    }

    private static Optional<Answer> subnet(Network.Subnet asked, boolean ipv6) {
        String text = asked.subnet();
        if (text.isEmpty()) {
            boolean alone = asked.gateway().isEmpty()
                    && asked.ipRange().isEmpty()
                    && asked.auxiliaryAddresses().isEmpty();
            return alone ? Optional.empty() : invalid("ipam configuration: invalid subnet %s".formatted(text));
        }
        boolean prefixed = text.contains("/");
        Optional<Subnet> narrow = prefixed ? Subnet.parse(text) : Optional.empty();
        Optional<Ipv6Subnet> wide = prefixed ? Ipv6Subnet.parse(text) : Optional.empty();
        if (narrow.isPresent()) {
            return ipv4(asked, narrow.get());
        }
        if (wide.isPresent()) {
            return ipv6
                    ? ipv6(asked, wide.get())
                    : invalid("ipam configuration: subnet %s is of IPv6: add --ipv6".formatted(text));
        }
        return invalid("ipam configuration: invalid subnet %s".formatted(text));
    }

    private static Optional<Answer> ipv4(Network.Subnet asked, Subnet subnet) {
        String text = asked.subnet();
        if (subnet.bits() < LARGEST_BITS || subnet.bits() > SMALLEST_BITS) {
            return invalid("ipam configuration: subnet %s is not between /%d and /%d"
                    .formatted(text, LARGEST_BITS, SMALLEST_BITS));
        }
        if (!subnet.toString().equals(text)) {
            return invalid("ipam configuration: invalid subnet %s: it should be %s".formatted(text, subnet));
        }
        Optional<Subnet> range = Subnet.parse(asked.ipRange());
        if (!asked.ipRange().isEmpty()) {
            if (range.isEmpty()) {
                return invalid("ipam configuration: invalid range %s".formatted(asked.ipRange()));
            }
            if (range.get().bits() < subnet.bits()
                    || !subnet.contains(range.get().base())) {
                return invalid(
                        "ipam configuration: subnet %s does not contain range %s".formatted(text, asked.ipRange()));
            }
        }
        return gateway(asked, subnet).or(() -> auxiliary(asked, subnet)).or(() -> full(asked, range.orElse(subnet)));
    }

    private static Optional<Answer> gateway(Network.Subnet asked, Subnet subnet) {
        String gateway = asked.gateway();
        if (gateway.isEmpty()) {
            return Optional.empty();
        }
        Optional<Long> address = gateway.contains("/") ? Optional.empty() : Subnet.address(gateway);
        if (address.isEmpty()) {
            return invalid("ipam configuration: invalid gateway %s".formatted(gateway));
        }
        if (!subnet.contains(address.get())) {
            return invalid(
                    "ipam configuration: subnet %s does not contain gateway %s".formatted(asked.subnet(), gateway));
        }
        return subnet.isHost(address.get())
                ? Optional.empty()
                : invalid(
                        "ipam configuration: gateway %s is the first or last address of %s".formatted(gateway, subnet));
    }

    private static Optional<Answer> auxiliary(Network.Subnet asked, Subnet subnet) {
        for (Map.Entry<String, String> kept : asked.auxiliaryAddresses().entrySet()) {
            boolean within = !kept.getValue().contains("/")
                    && Subnet.address(kept.getValue()).filter(subnet::contains).isPresent();
            if (!within) {
                return invalid("auxiliary address: (%s:%s) must belong to the master pool: %s"
                        .formatted(kept.getKey(), kept.getValue(), subnet));
            }
            if (kept.getValue().equals(asked.gateway())) {
                return invalid("auxiliary address: (%s:%s) is the gateway's".formatted(kept.getKey(), kept.getValue()));
            }
        }
        return Optional.empty();
    }

    /// The gateway needs an address too, unless it has one.
    private static Optional<Answer> full(Network.Subnet asked, Subnet pool) {
        long kept = asked.auxiliaryAddresses().values().stream()
                .flatMap(text -> Subnet.address(text).stream())
                .distinct()
                .filter(address -> pool.contains(address))
                .count();
        return pool.size() - kept > 0
                ? Optional.empty()
                : invalid("ipam configuration: no address of %s is left to give".formatted(pool));
    }

    private static Optional<Answer> ipv6(Network.Subnet asked, Ipv6Subnet subnet) {
        if (subnet.bits() < LARGEST_BITS || subnet.bits() > Ipv6Subnet.SMALLEST_BITS) {
            return invalid("ipam configuration: subnet %s is not between /%d and /%d"
                    .formatted(asked.subnet(), LARGEST_BITS, Ipv6Subnet.SMALLEST_BITS));
        }
        if (!Ipv6Subnet.isNetwork(asked.subnet())) {
            return invalid("ipam configuration: invalid subnet %s: it should be %s".formatted(asked.subnet(), subnet));
        }
        if (!asked.ipRange().isEmpty()) {
            return invalid(
                    "ipam configuration: range %s: an address of IPv6 ends with the IPv4 address, give that a range"
                            .formatted(asked.ipRange()));
        }
        List<String> within = new ArrayList<>(asked.auxiliaryAddresses().values());
        within.add(asked.gateway());
        for (String text : within) {
            Optional<Ipv6Subnet> address = text.contains("/") ? Optional.empty() : Ipv6Subnet.parse(text);
            if (!text.isEmpty() && address.filter(subnet::contains).isEmpty()) {
                return invalid("ipam configuration: subnet %s does not contain %s".formatted(asked.subnet(), text));
            }
        }
        return Optional.empty();
    }

    /// The last thing to know before a network goes.
    static Answer inUse(Network network, Id<?> service) {
        return network.spec().ingress()
                ? Answers.precondition(
                        "ingress network cannot be removed because service %s depends on it".formatted(service))
                : Answers.precondition("network %s is in use by service %s".formatted(network.id(), service));
    }
}
