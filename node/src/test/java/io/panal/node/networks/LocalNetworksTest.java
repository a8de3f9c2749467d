package io.panal.node.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalNetworksTest {
    @TempDir
    Path directory;

    private static NetworkRequest named(String name, Map<String, String> options) {
        return new NetworkRequest(name, options, Map.of(), new NetworkRequest.Kind(false, false, false), List.of());
    }

    private static LocalNetworks.Wish wish(LocalNetwork network, String address) {
        return new LocalNetworks.Wish(network, new AddressWish(address, "", List.of()));
    }

    @Test
    void networksAreThereAgainAfterARestart() throws IOException {
        LocalNetworks before = LocalNetworks.unplugged(directory);
        LocalNetwork made = before.create(named("one", Map.of("com.docker.network.driver.mtu", "1400")));
        LocalNetwork gone = before.create(named("two", Map.of()));
        before.remove(gone);

        LocalNetworks after = LocalNetworks.unplugged(directory);

        assertThat(after.list())
                .extracting(
                        LocalNetwork::name,
                        network -> network.subnets().getFirst().cidr())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("bridge", "172.17.0.0/16"),
                        org.assertj.core.groups.Tuple.tuple("one", "172.18.0.0/16"));
        assertThat(after.find("one")).contains(made);
        assertThat(after.find(made.id().substring(0, 12))).contains(made);
        assertThat(after.find("two")).isEmpty();
        assertThat(made.bridge().mtu()).isEqualTo(1400);
    }

    @Test
    void aNetworkThatSomebodyIsOnStays() throws IOException {
        LocalNetworks networks = LocalNetworks.unplugged(directory);
        LocalNetwork one = networks.create(named("one", Map.of()));
        var _ = networks.lease("run-1", List.of(wish(one, "")));
        assertThatThrownBy(() -> networks.remove(one))
                .hasMessage("error while removing network: network one id %s has active endpoints".formatted(one.id()));
        networks.release("run-1");
        networks.remove(one);
        assertThat(networks.find("one")).isEmpty();
    }

    @Test
    void whoCannotHaveAllHasNothingNew() throws IOException {
        LocalNetworks networks = LocalNetworks.unplugged(directory);
        LocalNetwork one = networks.create(named("one", Map.of()));
        LocalNetwork two = networks.create(named("two", Map.of()));
        assertThatThrownBy(() -> networks.lease("run-1", List.of(wish(one, ""), wish(two, "172.19.0.9"))))
                .hasMessageContaining("user configured subnets");
        assertThat(networks.isUsed(one)).isFalse();
    }

    @Test
    void namesAndBridgesAreGivenOnce() throws IOException {
        LocalNetworks networks = LocalNetworks.unplugged(directory);
        Map<String, String> device = Map.of("com.docker.network.bridge.name", "mybridge");
        var _ = networks.create(named("one", device));
        assertThatThrownBy(() -> networks.create(named("one", Map.of())))
                .hasMessage("network with name one already exists");
        assertThatThrownBy(() -> networks.create(named("two", device)))
                .hasMessageEndingWith("networks have same bridge name");
        assertThatThrownBy(() -> networks.create(named("two", Map.of("com.docker.network.bridge.enable_icc", "maybe"))))
                .hasMessage(
                        "failed to parse com.docker.network.bridge.enable_icc value: maybe (strconv.ParseBool: parsing \"maybe\": invalid syntax)");
    }
}
