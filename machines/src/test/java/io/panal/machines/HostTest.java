package io.panal.machines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.machines.model.Limits;
import io.panal.machines.model.MachineName;
import io.panal.machines.model.MachinePlan;
import io.panal.machines.model.Progress;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HostTest {
    @Test
    void memoryCoresAndDiskAreLimited() throws Exception {
        try (var lab = Lab.in("10.231.15.1/24")) {
            var name = lab.create("node1", Limits.parse("0.5", "512m", "600m"));
            assertThat(lab.shell(
                            name,
                            "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null"))
                    .startsWith("536870912");
            assertThat(lab.shell(name, "cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu.max 2>/dev/null"))
                    .startsWith("50000");
            assertThat(lab.shell(name, "head -c 700m /dev/zero >/root/big; echo $?"))
                    .contains("No space left on device");
            var grow = "awk 'BEGIN { x = \"xxxxxxxxxxxxxxxx\"; for (i = 0; i < 27; i++) x = x x }'; echo $?";
            assertThat(lab.shell(name, grow)).contains("137");
            assertThat(lab.shell(name, "echo still here")).isEqualTo("still here");
        }
        Traces.none("10.231.15.0");
    }

    @Test
    void machinesMadeAtOnceReachEachOtherAndWhatLiesBeyondTheHost() throws Exception {
        try (var lab = Lab.in("10.231.16.1/24");
                var outside = Outside.at("10.231.17")) {
            var plans = Stream.of("node1", "node2", "node3")
                    .map(name -> MachinePlan.plain(new MachineName(name), lab.subnet))
                    .toList();
            lab.machines.create(plans, Progress.silent());
            var first = plans.getFirst().name();
            var second = lab.machines.existing(plans.getLast().name());
            assertThat(second.address()).as("addresses in the order asked").hasToString("10.231.16.102");
            assertThat(lab.shell(first, connect(second.address().toString(), 2376)))
                    .isEqualTo("open");
            assertThat(lab.shell(first, connect(outside.address(), Outside.PORT)))
                    .isEqualTo("open");
            assertThat(outside.caller()).as("source address beyond the host").isEqualTo("10.231.17.1");
        }
        Traces.none("10.231.16.0");
    }

    private static String connect(String address, int port) {
        return "bash -c '(exec 3<>/dev/tcp/%s/%d) 2>&1 && echo open'".formatted(address, port);
    }

    @Test
    void twoStoragesNeverShareANetwork() throws Exception {
        try (var lab = Lab.in("10.231.18.1/24");
                var other = Lab.in("10.231.18.1/24")) {
            lab.create("node1");
            assertThatThrownBy(() -> other.create("node2"))
                    .hasMessageContaining("the network 10.231.18.0/24 is in use by other machines")
                    .hasMessageContaining("--cidr");
            assertThat(other.storage.toFile()).doesNotExist();
        }
        Traces.none("10.231.18.0");
    }

    @Test
    void aMachineSeesNoSecretsOfItsHost() throws Exception {
        try (var lab = Lab.in("10.231.19.1/24")) {
            var name = lab.create("node1");
            assertThat(lab.shell(name, "ls -A /home /boot /etc/ssh /etc/docker /var/lib/docker /var/tmp | grep -v :"))
                    .isBlank();
            assertThat(lab.shell(name, "ls /root/.ssh /root/.m2 " + lab.storage))
                    .contains("No such file");
            assertThat(lab.shell(name, "ls -d /dev/vda /dev/sda /dev/nvme0")).contains("No such file");
        }
    }
}
