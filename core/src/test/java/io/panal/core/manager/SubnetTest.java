package io.panal.core.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.manager.allocator.Subnet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubnetTest {
    @Test
    void whatIsBehindThePrefixLengthIsCutOff() {
        assertThat(Subnet.parse("10.0.1.77/24"))
                .hasValueSatisfying(subnet -> assertThat(subnet).hasToString("10.0.1.0/24"));
        assertThat(Subnet.parse("255.255.255.255"))
                .hasValueSatisfying(subnet -> assertThat(subnet).hasToString("255.255.255.255/32"));
        assertThat(Subnet.parse("0.0.0.0/0"))
                .hasValueSatisfying(subnet -> assertThat(subnet).hasToString("0.0.0.0/0"));
        assertThat(Subnet.address("10.0.1.77/24")).contains(0x0A00014DL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "10.0.0",
                "10.0.0.0.1",
                "10.0.0.256",
                "10.0.0.1/33",
                "10.0.0.1/",
                "10.0.0.1/-1",
                "10.0.0.1/024",
                "10..0.1",
                ".1.2.3.4",
                "10.0.0.1.",
                "1 0.0.0.1",
                "10.0.0.0001",
                "fd00::1",
                "10.0.0.1/2/3",
                "10/8"
            })
    void whatIsNoSubnetIsNone(String text) {
        assertThat(Subnet.parse(text)).isEmpty();
    }
}
