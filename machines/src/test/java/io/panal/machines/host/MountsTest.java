package io.panal.machines.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountsTest {
    private static final String ROOT = "27 1 254:0 / / rw - ext4 /dev/vda rw";

    @Test
    void aPathOnTheRootFileSystemNeedsNoBind() throws Exception {
        var mounts = Mounts.parse(List.of(ROOT));
        assertThat(mounts.toBind(List.of(Path.of("/etc")), Path.of("/var/lib/panal-machines")))
                .isEmpty();
    }

    @Test
    void aPathThatIsHiddenOrFreshInAMachineIsBound() throws Exception {
        var file = Files.createTempFile("panal-mounts-", "");
        try {
            var bound = Mounts.parse(List.of(ROOT)).toBind(List.of(file), Path.of("/var/lib/panal-machines"));
            assertThat(bound).containsExactly(file.toRealPath());
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void systemDirectoriesThatAreMountsAreBoundOnceWithWhatIsBelowThem() throws Exception {
        var mounts = Mounts.parse(List.of(
                ROOT,
                "28 27 254:1 / /usr rw - ext4 /dev/vdb rw",
                "29 28 254:2 / /usr/share rw - ext4 /dev/vdc rw",
                "30 27 254:3 / /opt/my\\040jdk rw - ext4 /dev/vdd rw",
                "31 27 254:4 / /home rw - ext4 /dev/vde rw"));
        assertThat(mounts.toBind(List.of(), Path.of("/var/lib/panal-machines")))
                .containsExactly(Path.of("/opt/my jdk"), Path.of("/usr"));
    }

    @Test
    void theStorageIsHiddenWhereverItLies() {
        assertThat(Mounts.hidden(Path.of("/srv2/machines"))).contains("srv2/machines");
        assertThat(Mounts.hidden(Path.of("/var/tmp/x"))).contains("var/tmp").doesNotContain("var/tmp/x");
    }

    @Test
    void resolversOnTheLoopbackAreLeftOut() {
        assertThat(HostFiles.reachable(
                        List.of("# x", "search example.org", "nameserver 127.0.0.53", "nameserver 9.9.9.9")))
                .containsExactly("search example.org", "nameserver 9.9.9.9");
    }
}
