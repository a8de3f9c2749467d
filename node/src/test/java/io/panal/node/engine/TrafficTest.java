package io.panal.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrafficTest {
    @Test
    void eachInterfaceButTheLoopHasItsCounters() {
        List<String> table = List.of(
                "Inter-|   Receive                                                |  Transmit",
                " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls",
                "    lo:     100       2    0    0    0     0          0         0      100       2    0    0    0     0       0          0",
                "  eth0:    1234      12    3    4    0     0          0         0     5678      56    7    8    0     0       0          0",
                "eth1:0 1 0 0 0 0 0 0 9 1 0 0 0 0 0 0");

        assertThat(Traffic.read(table))
                .containsOnlyKeys("eth0", "eth1")
                .containsEntry("eth0", new Traffic(List.of(1234L, 12L, 3L, 4L), List.of(5678L, 56L, 7L, 8L)));
    }

    @Test
    void theHostsOwnTrafficIsNoContainers() throws IOException {
        assertThat(Traffic.of((int) ProcessHandle.current().pid())).isEmpty();
    }
}
