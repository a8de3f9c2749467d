package io.panal.node.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.node.dataplane.Cidr;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LeasesTest {
    private final Leases leases = new Leases();

    private static LocalNetwork network(String cidr, String range, String gateway) {
        var told = new NetworkRequest.Subnet(cidr, range, gateway, Map.of("printer", "10.1.6.130"));
        return new LocalNetwork(
                "id",
                "net",
                Instant.EPOCH,
                "br-id",
                new NetworkRequest.Kind(false, false, false),
                Map.of(),
                Map.of(),
                List.of(new LocalNetwork.Subnet(cidr, range, gateway, true, told)));
    }

    private static AddressWish at(String address) {
        return new AddressWish(address, "", List.of());
    }

    @Test
    void theLowestFreeAddressOfTheRangeIsGivenAndGivenBackWithItsOwner() throws Exception {
        LocalNetwork net = network("10.1.6.0/24", "10.1.6.128/25", "10.1.6.128");
        assertThat(leases.give("a", net, AddressWish.ANY)).containsExactly(Cidr.of("10.1.6.129/24"));
        assertThat(leases.give("b", net, AddressWish.ANY)).containsExactly(Cidr.of("10.1.6.131/24"));
        assertThat(leases.give("a", net, AddressWish.ANY)).containsExactly(Cidr.of("10.1.6.129/24"));
        leases.release("a");
        assertThat(leases.give("c", net, AddressWish.ANY)).containsExactly(Cidr.of("10.1.6.129/24"));
        assertThat(leases.owners("id")).isEqualTo(Set.of("b", "c"));
        leases.releaseOthers("b", Set.of());
        assertThat(leases.owners("id")).isEqualTo(Set.of("c"));
    }

    @Test
    void anAddressOfTheUserIsGivenOnceAndFromTheWholeSubnet() throws Exception {
        LocalNetwork net = network("10.1.6.0/24", "10.1.6.128/25", "10.1.6.128");
        assertThat(leases.give("a", net, at("10.1.6.50"))).containsExactly(Cidr.of("10.1.6.50/24"));
        for (String taken : List.of("10.1.6.50", "10.1.6.128", "10.1.6.130", "10.1.6.0", "10.1.6.255")) {
            assertThatThrownBy(() -> leases.give("b", net, at(taken))).hasMessage("Address already in use");
        }
        assertThatThrownBy(() -> leases.give("b", net, at("10.9.6.50")))
                .hasMessage("Invalid address 10.9.6.50: It does not belong to any of this network's subnets");
        assertThat(leases.owners("id")).containsExactly("a");
    }

    @Test
    void aFullNetworkSaysSo() throws Exception {
        LocalNetwork net = network("10.1.6.0/30", "10.1.6.0/30", "10.1.6.1");
        assertThat(leases.give("a", net, AddressWish.ANY)).containsExactly(Cidr.of("10.1.6.2/30"));
        assertThatThrownBy(() -> leases.give("b", net, AddressWish.ANY))
                .hasMessage("no available IPv4 addresses on this network's address pools: net (id)");
    }

    @Test
    void addressesAreChosenOnlyWhereTheUserChoseTheSubnet() throws Exception {
        LocalNetwork net = network("10.1.6.0/24", "10.1.6.0/24", "10.1.6.1");
        at("10.1.6.9").check(net);
        assertThatThrownBy(() -> new AddressWish("", "fd00::9", List.of()).check(net))
                .hasMessageContaining("only when connecting to networks with user configured subnets");
    }
}
