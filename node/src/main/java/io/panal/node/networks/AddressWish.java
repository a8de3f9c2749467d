package io.panal.node.networks;

import java.util.List;

/// The addresses that a container asks for in a network.
///
/// @param ipv4 empty for any
/// @param ipv6 empty for any
/// @param linkLocal beside those of the network
public record AddressWish(String ipv4, String ipv6, List<String> linkLocal) {
    public static final AddressWish ANY = new AddressWish("", "", List.of());

    public AddressWish {
        linkLocal = List.copyOf(linkLocal);
    }

    /// @throws NetworkRefused when the network does not let users choose
    public void check(LocalNetwork network) throws NetworkRefused {
        check(network, ipv4, false);
        check(network, ipv6, true);
    }

    private static void check(LocalNetwork network, String asked, boolean ofIpv6) throws NetworkRefused {
        if (asked.isEmpty()) {
            return;
        }
        if (network.isDefault()) {
            throw NetworkRefused.invalid("user specified IP address is supported on user defined networks only");
        }
        if (network.subnet(ofIpv6).filter(LocalNetwork.Subnet::asked).isEmpty()) {
            throw NetworkRefused.invalid(
                    "user specified IP address is supported only when connecting to networks with user configured subnets");
        }
    }
}
