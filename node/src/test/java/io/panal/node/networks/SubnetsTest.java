package io.panal.node.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.node.dataplane.Cidr;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubnetsTest {
    private static final String ID = "0123456789abcdef".repeat(4);

    private static List<Cidr> cidrs(String text) {
        return Stream.of(text.split(" "))
                .filter(word -> !word.isEmpty())
                .map(Cidr::of)
                .toList();
    }

    private static NetworkRequest request(boolean ipv6, NetworkRequest.Subnet... subnets) {
        var kind = new NetworkRequest.Kind(false, false, ipv6);
        return new NetworkRequest("net", Map.of(), Map.of(), kind, Arrays.asList(subnets));
    }

    private static NetworkRequest.Subnet subnet(String subnet, String range, String gateway, String auxiliary) {
        return new NetworkRequest.Subnet(
                subnet, range, gateway, auxiliary.isEmpty() ? Map.of() : Map.of("a", auxiliary));
    }

    @ParameterizedTest(name = "networks {0}, host {1}: {2}")
    @CsvSource(textBlock = """
            '',                                '',                               172.17.0.0/16
            172.17.0.0/16,                     '',                               172.18.0.0/16
            172.17.0.0/16,                     172.18.9.1/24,                    172.19.0.0/16
            '',                                172.16.0.0/12,                    192.168.0.0/20
            172.16.0.0/12,                     192.168.1.7/24 192.168.16.0/20,   192.168.32.0/20
            '',                                172.17.0.0/24 fe80::1/64,         172.18.0.0/16
            """)
    void theFirstPoolIsTakenThatNothingHereSpeaksFor(String networks, String host, String chosen) throws Exception {
        var subnets = new Subnets(cidrs(networks), cidrs(host)).choose(request(false), ID);
        assertThat(subnets)
                .singleElement()
                .satisfies(own -> assertThat(own.cidr()).isEqualTo(chosen))
                .satisfies(own -> assertThat(own.gateway()).isEqualTo(chosen.replaceFirst("0/[0-9]+", "1")))
                .satisfies(own -> assertThat(own.asked()).isFalse());
    }

    @Test
    void withoutAFreePoolTheUserIsTold() {
        Subnets full = new Subnets(cidrs("172.16.0.0/12"), cidrs("192.168.0.0/16"));
        assertThatThrownBy(() -> full.choose(request(false), ID))
                .hasMessage(
                        "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network");
    }

    @ParameterizedTest(name = "{0} range {1} gateway {2} without {3}: {4}")
    @CsvSource(textBlock = """
            10.1.6.0/24,  '',            '',          '',         10.1.6.1
            10.1.6.9/24,  '',            10.1.6.254,  '',         10.1.6.254
            10.1.6.0/24,  10.1.6.128/25, '',          '',         10.1.6.128
            10.1.6.0/24,  '',            '',          10.1.6.1,   10.1.6.2
            """)
    void aSubnetOfTheUserGetsAGateway(String cidr, String range, String gateway, String auxiliary, String expected)
            throws Exception {
        // What the host itself uses is no reason to refuse: the user knows.
        var chosen = new Subnets(List.of(), cidrs("10.0.0.0/8"))
                .choose(request(false, subnet(cidr, range, gateway, auxiliary)), ID);
        assertThat(chosen.getFirst().gateway()).isEqualTo(expected);
        assertThat(chosen.getFirst().cidr()).isEqualTo("10.1.6.0/24");
    }

    @ParameterizedTest(name = "{0} range {1} gateway {2} without {3}: {4}")
    @CsvSource(delimiter = '|', textBlock = """
            10.1.2        | ''           | ''        | ''         | Invalid subnet 10.1.2 : invalid CIDR address: 10.1.2
            ''            | ''           | 10.1.7.1  | ''         | Invalid subnet  : invalid CIDR address:
            10.1.2.0/33   | ''           | ''        | ''         | Invalid subnet 10.1.2.0/33 : invalid CIDR address: 10.1.2.0/33
            10.77.0.0/25  | ''           | ''        | ''         | Pool overlaps with other one on this address space
            10.0.0.0/8    | ''           | ''        | ''         | Pool overlaps with other one on this address space
            10.1.3.0/24   | ''           | 10.9.9.1  | ''         | failed to allocate gateway (10.9.9.1): Requested address is out of range
            10.1.3.0/24   | ''           | 10.9      | ''         | invalid gateway address 10.9 in Ipam configuration
            10.1.3.0/24   | ''           | 10.1.3.0  | ''         | failed to allocate gateway (10.1.3.0): Address already in use
            10.1.3.0/24   | 10.9.0.0/25  | ''        | ''         | invalid ip-range 10.9.0.0/25: parent subnet 10.1.3.0/24 doesn't contain ip-range
            10.1.3.0/24   | 10.1.0.0/16  | ''        | ''         | invalid ip-range 10.1.0.0/16: CIDR block is bigger than its parent subnet 10.1.3.0/24
            10.1.3.0/24   | ''           | ''        | 10.2.2.2   | auxiliary address: (a:10.2.2.2) must belong to the master pool: 10.1.3.0/24
            """)
    void aSubnetThatCannotBeIsRefusedInDockersWords(
            String cidr, String range, String gateway, String auxiliary, String why) {
        Subnets others = new Subnets(cidrs("10.77.0.0/24"), List.of());
        var asked = subnet(
                cidr.replace("''", ""),
                range.replace("''", ""),
                gateway.replace("''", ""),
                auxiliary.replace("''", ""));
        assertThatThrownBy(() -> others.choose(request(false, asked), ID))
                .isInstanceOf(NetworkRefused.class)
                .hasMessageStartingWith(why);
    }

    @Test
    void ipv6ComesBesideIpv4AndPrivateWhenNobodyNamesASubnet() throws Exception {
        Subnets subnets = new Subnets(List.of(), List.of());
        assertThat(subnets.choose(request(true, subnet("fd00:1::/64", "", "", "")), ID))
                .extracting(LocalNetwork.Subnet::gateway)
                .containsExactly("172.17.0.1", "fd00:1::1");
        assertThat(subnets.choose(request(true), ID))
                .extracting(LocalNetwork.Subnet::cidr)
                .containsExactly("172.17.0.0/16", "fd01:2345:6789:abcd::/64");
        assertThatThrownBy(() -> subnets.choose(
                        request(false, subnet("10.1.7.0/24", "", "", ""), subnet("10.1.8.0/24", "", "", "")), ID))
                .hasMessage("bridge driver doesn't support multiple subnets");
    }
}
