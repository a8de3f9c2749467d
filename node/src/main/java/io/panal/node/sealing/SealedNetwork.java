package io.panal.node.sealing;

import java.net.Inet4Address;
import java.util.Map;

/// An encrypted network as one node is to carry it.
///
/// @param vni its tunnel number, 1 to 16,777,215
/// @param hostOfMac which node each endpoint elsewhere is on, by the address that the managers know the node by; a MAC
///     is the lower 48 bits
public record SealedNetwork(String id, int vni, Keys keys, Map<Long, Inet4Address> hostOfMac) {
    public SealedNetwork {
        hostOfMac = Map.copyOf(hostOfMac);
    }
}
