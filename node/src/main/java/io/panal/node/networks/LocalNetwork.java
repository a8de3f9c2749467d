package io.panal.node.networks;

import io.panal.node.dataplane.Bridge;
import io.panal.node.dataplane.Cidr;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A bridge network of this host, as it is kept.
///
/// @param id 64 hexadecimal digits
/// @param device the bridge's name
/// @param options as the user gave them
/// @param subnets of IPv4 and, after it, of IPv6
public record LocalNetwork(
        String id,
        String name,
        Instant createdAt,
        String device,
        NetworkRequest.Kind kind,
        Map<String, String> options,
        Map<String, String> labels,
        List<Subnet> subnets) {
    /// The one that containers are on whose user names none.
    public static final String DEFAULT = "bridge";

    public LocalNetwork {
        options = new TreeMap<>(options);
        labels = new TreeMap<>(labels);
        subnets = List.copyOf(subnets);
    }

    /// @param cidr as `10.1.2.0/24`
    /// @param range the part of it that addresses are given from
    /// @param gateway the bridge's own address
    /// @param asked whether a user named the subnet: only there can addresses be chosen
    /// @param told as the user told it, for showing
    public record Subnet(String cidr, String range, String gateway, boolean asked, NetworkRequest.Subnet told) {
        Cidr whole() {
            return Cidr.of(cidr);
        }

        Cidr part() {
            return Cidr.of(range);
        }

        InetAddress bridge() {
            return InetAddress.ofLiteral(gateway);
        }
    }

    public boolean isDefault() {
        return name.equals(DEFAULT);
    }

    /// As the data plane wants it.
    Bridge bridge() {
        BridgeOptions own = checked();
        return new Bridge(
                id,
                name,
                device,
                subnets.stream()
                        .map(subnet -> new Cidr(subnet.bridge(), subnet.whole().prefix()))
                        .toList(),
                own.mtu(),
                new Bridge.Traffic(kind.internal(), own.amongThemselves(), own.masquerade()));
    }

    /// The address of this host that ports are published on when nobody names one; empty for all.
    public String publishedOn() {
        return checked().published();
    }

    /// Its options were read once, before it was made.
    private BridgeOptions checked() {
        try {
            return BridgeOptions.of(options);
        } catch (NetworkRefused refused) {
            throw new IllegalStateException("network %s was made with %s".formatted(name, options), refused);
        }
    }

    /// The subnet of a family.
    Optional<Subnet> subnet(boolean ipv6) {
        return subnets.stream()
                .filter(subnet -> subnet.whole().isIpv6() == ipv6)
                .findFirst();
    }
}
