package io.panal.program.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The life of a machine, by `panal machine`.
class MachineIT {
    private final Place place = Place.in("192.168.182.1/24");

    @BeforeEach
    void makeOne() {
        place.create("solo");
    }

    @AfterEach
    void clear() {
        place.close();
    }

    @Test
    void stopAndStartKeepAddressDataAndContainers() {
        String address = place.address("solo");
        place.inside("solo", "echo kept >/root/file").must();

        place.machine("stop", "solo").must();
        assertThat(place.machine("status", "solo").must()).isEqualTo("Stopped");
        assertThat(place.docker("solo", "version").isWell()).isFalse();
        assertThat(place.machine("stop", "solo").err()).contains("already stopped");
        place.machine("start", "solo").must();

        assertThat(place.machine("status", "solo").must()).isEqualTo("Running");
        assertThat(place.machine("ip", "solo").must()).isEqualTo(address).isEqualTo("192.168.182.100");
        assertThat(place.inside("solo", "cat /root/file").must()).isEqualTo("kept");
        place.docker("solo", "version").must();
    }

    @Test
    void environmentPointsTheStockClientAtTheMachine() {
        String environment = place.machine("env", "--shell", "sh", "solo").must();
        Ran ran = Commands.run("sh", "-c", environment + "\ndocker info --format '{{.Name}}'");
        assertThat(ran.must()).isEqualTo("solo");
        assertThat(place.inside("solo", "docker info --format '{{.Name}}'").must())
                .isEqualTo("solo");
        assertThat(place.inside("solo", "hostname; id -u").must().lines()).containsExactly("solo", "0");
    }

    @Test
    void anEngineAnswersNobodyWithoutItsCertificate() {
        Ran ran = Commands.run(
                "curl", "-sk", "--max-time", "10", "https://%s:2376/version".formatted(place.address("solo")));
        assertThat(ran.isWell()).isFalse();
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void aKilledMachineComesBackWithItsData() {
        place.inside("solo", "echo kept >/root/file && sync").must();
        place.machine("kill", "solo").must();
        assertThat(place.machine("status", "solo").must()).isEqualTo("Stopped");
        place.machine("start", "solo").must();
        assertThat(place.inside("solo", "cat /root/file").must()).isEqualTo("kept");
    }

    @Test
    void whatIsNotThereIsSaidInDockerMachinesWords() {
        Ran ran = place.machine("ip", "nobody");
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.said()).contains("\"nobody\" does not exist");
        assertThat(place.machine("create", "--driver", "virtualbox", "other").isWell())
                .isFalse();
        assertThat(place.machine("create", "not_a_host_name").isWell()).isFalse();
        assertThat(place.machine("create", "--cidr", "192.168.182.1/24", "solo").said())
                .contains("already exists");
    }

    @Test
    void aManagerOnAFullDiskAnswersRefusesChangesAndGoesOnWhenThereIsRoom() {
        place.create("--disk-size", "600", "small");
        place.docker("small", "swarm", "init").must();
        network("kept").must();
        String fill =
                "fallocate -l $(($(df -B1 --output=avail /var/lib/panal | tail -1) - 20000000)) /var/lib/panal/fill";
        place.inside("small", fill).must();

        assertThat(network("refused").err()).contains("the disk of /var/lib/panal/swarm/raft is full");
        assertThat(place.docker("small", "network", "ls").must())
                .contains("kept")
                .doesNotContain("refused");
        assertThat(place.machine("ls").must()).contains("the disk of /var/lib/panal is full");

        place.inside("small", "kill -9 $(pgrep -f [i]o.panal.program.Main)").must();
        Eventually.asserted(() -> assertThat(place.docker("small", "node", "ls").err())
                .contains("the disk of /var/lib/panal/swarm/raft is full"));
        place.docker("small", "ps").must();

        place.inside("small", "rm /var/lib/panal/fill").must();
        Eventually.asserted(() -> assertThat(network("later").isWell()).isTrue());
        assertThat(place.docker("small", "network", "ls").must()).contains("kept", "later");
    }

    private Ran network(String name) {
        return place.docker("small", "network", "create", "-d", "overlay", name);
    }

    @Test
    void removalLeavesNothingOnTheHost() throws IOException {
        String key = place.key();
        String network = hex("192.168.182.0").substring(0, 6);
        long process = place.process("solo");

        place.machine("rm", "-y", "solo").must();

        Eventually.asserted(() -> assertThat(Path.of("/proc/" + process)).doesNotExist());
        Eventually.asserted(
                () -> assertThat(interfaces()).noneMatch(name -> name.startsWith("panal") && name.contains(network)));
        assertThat(Commands.run("nft", "list", "tables").must()).doesNotContain("panal_" + network);
        assertThat(Files.readString(Path.of("/proc/mounts")))
                .doesNotContain(place.storage().toString());
        assertThat(groups()).noneMatch(group -> group.endsWith(key));
        assertThat(Path.of("/run", key)).doesNotExist();
        assertThat(place.storage().resolve("machines")).doesNotExist();
        assertThat(place.machine("ls", "-q").must()).isEmpty();
    }

    private static String hex(String address) throws IOException {
        return HexFormat.of().formatHex(InetAddress.getByName(address).getAddress());
    }

    private static List<String> interfaces() {
        return Commands.run("ls", "/sys/class/net").must().lines().toList();
    }

    private static List<String> groups() throws IOException {
        try (Stream<Path> groups = Files.walk(Path.of("/sys/fs/cgroup"), 2)) {
            return groups.map(Path::toString).toList();
        }
    }
}
