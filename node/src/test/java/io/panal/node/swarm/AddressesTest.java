package io.panal.node.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class AddressesTest {
    @Test
    void aManagerNamedWithoutAPortIsAskedAtTheSwarmsPort() throws Exception {
        assertThat(Addresses.managers(List.of("192.168.66.100", "192.168.66.101:4000", "[fd00::1]")))
                .containsExactly("192.168.66.100:2377", "192.168.66.101:4000", "[fd00::1]:2377");
    }

    @Test
    void theManagerOfThisHostIsReachedWhereItListens() {
        assertThat(Addresses.onThisHost("0.0.0.0:2377")).isEqualTo("127.0.0.1:2377");
        assertThat(Addresses.onThisHost("[0:0:0:0:0:0:0:0]:2377")).isEqualTo("[::1]:2377");
        assertThat(Addresses.onThisHost("192.168.66.100:4000")).isEqualTo("192.168.66.100:4000");
    }

    @Test
    void aManagerOfAnUnknownNameIsToldSoInDockersWords() throws Exception {
        Addresses.HostPort listen = Addresses.listen("");

        assertThatThrownBy(() -> Addresses.advertise("", listen, "no such name"))
                .hasMessageContaining("could not find local IP address: dial udp: lookup no such name: no such host");
    }
}
