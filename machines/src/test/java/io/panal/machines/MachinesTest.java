package io.panal.machines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.machines.model.EngineFacts;
import io.panal.machines.model.MachineFailure;
import io.panal.machines.model.MachineState;
import io.panal.machines.model.Progress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MachinesTest {
    @Test
    void aMachineHasNamespacesAnAddressAndADiskOfItsOwnAndLeavesNothingBehind() throws Exception {
        try (var lab = Lab.in("10.231.7.1/24")) {
            var began = System.nanoTime();
            var name = lab.create("node1");
            var took = Duration.ofNanos(System.nanoTime() - began);

            assertThat(took).isLessThan(Duration.ofSeconds(10));
            assertThat(lab.machines.state(name)).isEqualTo(MachineState.RUNNING);
            assertThat(lab.machines.existing(name).address()).hasToString("10.231.7.100");
            assertThat(lab.shell(name, "hostname; ip -4 -o address show eth0")).contains("node1", "10.231.7.100/24");
            assertThat(lab.shell(name, "cat /proc/1/comm")).isEqualTo("sh");
            assertThat(lab.shell(name, "ls -A /home /var/tmp " + lab.storage)).doesNotContain("key.pem");
            assertThat(lab.machines.listing(name, Duration.ofSeconds(5)).engine())
                    .contains(new EngineFacts("28.5.2", "manager", "the disk is full"));

            lab.machines.remove(name);
            assertThat(lab.storage).doesNotExist();
        }
        Traces.none("10.231.7.0");
    }

    @Test
    void theDiskOutlivesAnOrderlyStopAndAPulledPlugAndTheAddressStays() throws Exception {
        try (var lab = Lab.in("10.231.8.1/24")) {
            var name = lab.create("node1");
            lab.shell(name, "echo root >/root/kept; echo data >/var/lib/panal/kept");

            lab.machines.stop(name, Progress.silent());
            assertThat(lab.machines.state(name)).isEqualTo(MachineState.STOPPED);
            assertThatThrownBy(() -> lab.machines.stop(name, Progress.silent()))
                    .hasMessage("Machine \"node1\" is already stopped.");
            lab.machines.start(name, Progress.silent());
            lab.machines.kill(name, Progress.silent());
            lab.machines.start(name, Progress.silent());

            assertThat(lab.shell(name, "cat /root/kept /var/lib/panal/kept")).isEqualTo("root\ndata");
            assertThat(lab.shell(name, "wc -l </var/lib/panal/starts")).isEqualTo("3");
            assertThat(lab.shell(name, "wc -l </var/lib/panal/ends")).isEqualTo("1");
            assertThat(lab.machines.existing(name).address()).hasToString("10.231.8.100");
        }
        Traces.none("10.231.8.0");
    }

    @Test
    void aNameIsTakenOnceAndAnUnknownOneIsSaidToBe() throws Exception {
        try (var lab = Lab.in("10.231.9.1/24")) {
            var name = lab.create("node1");
            assertThatThrownBy(() -> lab.create("node1")).hasMessage("Docker machine \"node1\" already exists");
            lab.machines.remove(name);
            assertThatThrownBy(() -> lab.machines.remove(name))
                    .isInstanceOf(MachineFailure.class)
                    .hasMessage("Docker machine \"node1\" does not exist. Use \"panal machine ls\" to list machines."
                            + " Use \"panal machine create\" to add a new one.");
        }
    }
}
