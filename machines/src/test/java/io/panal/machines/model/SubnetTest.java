package io.panal.machines.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubnetTest {
    @Test
    void machinesCountFromHostOneHundredAndThenFillTheRest() throws Exception {
        var subnet = Subnet.parse("192.168.66.1/24");
        var taken = new HashSet<Address>();
        for (var host = 100; host < 255; host++) {
            var next = subnet.free(taken).orElseThrow();
            assertThat(next).hasToString("192.168.66." + host);
            taken.add(next);
        }
        assertThat(subnet.free(taken)).contains(Address.parse("192.168.66.2"));
    }

    @Test
    void aFreedAddressIsGivenAgainAndAFullNetworkGivesNone() throws Exception {
        var small = Subnet.parse("10.0.0.1/29");
        assertThat(small.free(Set.of())).contains(Address.parse("10.0.0.2"));
        var all = new HashSet<Address>();
        for (var host = 2; host <= 6; host++) {
            all.add(Address.parse("10.0.0." + host));
        }
        assertThat(small.free(all)).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            192.168.66.0/24 | host-only cidr must be specified with a host address, not a network address (for example 192.168.66.1/24)
            192.168.66.255/24 | host-only cidr must be specified with a host address, not a network address (for example 192.168.66.1/24)
            192.168.66.1 | invalid CIDR address: 192.168.66.1
            192.168.66.1/31 | invalid CIDR address: 192.168.66.1/31 (the prefix must be 8 to 29)
            192.168.666.1/24 | invalid CIDR address: 192.168.666.1/24
            nonsense | invalid CIDR address: nonsense
            """)
    void aWrongNetworkIsRefusedInWords(String text, String message) {
        assertThatThrownBy(() -> Subnet.parse(text))
                .isInstanceOf(MachineFailure.class)
                .hasMessage(message);
    }
}
