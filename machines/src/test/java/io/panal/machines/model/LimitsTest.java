package io.panal.machines.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsTest {
    @ParameterizedTest(name = "cpus {0}, memory {1}, disk {2}")
    @CsvSource(textBlock = """
            '',   '',    '',    0,          0,          0
            -1,   1024,  20000, 0,          1073741824, 20971520000
            2,    512m,  '',    2000000000, 536870912,  0
            0.5,  2g,    1G,    500000000,  2147483648, 1073741824
            1.25, 1GiB,  '',    1250000000, 1073741824, 0
            """)
    void bareNumbersAreMegabytesAndUnitsAreKnown(
            String cpus, String memory, String disk, long nanoCpus, long memoryBytes, long diskBytes) throws Exception {
        assertThat(Limits.parse(cpus, memory, disk)).isEqualTo(new Limits(nanoCpus, memoryBytes, diskBytes));
    }

    @ParameterizedTest(name = "cpus {0}, memory {1}, disk {2}")
    @CsvSource(textBlock = """
            none, '',   ''
            -2,   '',   ''
            0.0001, '', ''
            '',   lots, ''
            '',   -5,   ''
            '',   -1g,  ''
            '',   1.5g, ''
            '',   2x,   ''
            1e999999999, '', ''
            '',   12,   ''
            '',   '',   1m
            """)
    void whatIsNoSizeOrTooSmallIsRefused(String cpus, String memory, String disk) {
        assertThatThrownBy(() -> Limits.parse(cpus, memory, disk))
                .isInstanceOf(MachineFailure.class)
                .hasMessageStartingWith("invalid value");
    }

    @Test
    void moreCoresThanTheHostHasAreRefused() throws Exception {
        assertThat(Limits.parse("2", "", "").within(2)).isEqualTo(new Limits(2_000_000_000, 0, 0));
        assertThat(Limits.parse("-1", "", "").within(2)).isEqualTo(Limits.none());
        assertThatThrownBy(() -> Limits.parse("99", "", "").within(2))
                .isInstanceOf(MachineFailure.class)
                .hasMessage("range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available");
    }
}
