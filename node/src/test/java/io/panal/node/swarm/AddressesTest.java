package io.panal.node.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(strings = {"1.2.3", "3232235876", "1.2.3.4.5", "1.2.3.256", "0.0.0.0", "nosuch0", "fd00::g"})
    void anAddressThatIsNoneIsNotMadeIntoAnother(String text) throws Exception {
        Addresses.HostPort listen = Addresses.listen("");

        assertThatThrownBy(() -> Addresses.advertise(text, listen, ""))
                .hasMessage("advertise address must be a non-zero IP address or network interface"
                        + " (with optional port number)");
    }
}
