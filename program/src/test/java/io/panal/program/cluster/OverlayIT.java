package io.panal.program.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Overlay networks as the stock client makes and uses them, over five machines.
@ExtendWith(SharedCluster.class)
class OverlayIT {
    private static final String LABEL = "it=overlay";
    private static final String SERVE = "mkdir -p /w && hostname >/w/index.html && exec httpd -f -p 80 -h /w";
    /// Takes its time to end.
    private static final String LINGER = "trap 'sleep 3; exit 0' TERM; while :; do sleep 0.2; done";

    private final Cluster cluster;

    OverlayIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @AfterEach
    void clear() {
        docker("service", "ls", "-q", "--filter", "label=" + LABEL)
                .out()
                .lines()
                .forEach(cluster::remove);
        docker("network", "prune", "-f", "--filter", "label=" + LABEL);
        assertThat(docker("network", "ls", "-q", "--filter", "label=" + LABEL).must())
                .isEmpty();
    }

    private Ran docker(String... words) {
        return cluster.docker(words);
    }

    private void network(String name, String... options) {
        docker(words(List.of("network", "create", "-d", "overlay", "--label", LABEL), options, name))
                .must();
    }

    private void service(String name, String network, int replicas, String program) {
        docker(words(
                        List.of("service", "create", "-d", "--name", name, "--network", network, "--label", LABEL),
                        new String[] {"--replicas", String.valueOf(replicas), cluster.image("busybox"), "sh", "-c"},
                        program))
                .must();
    }

    private static String[] words(List<String> first, String[] next, String last) {
        List<String> words = new ArrayList<>(first);
        words.addAll(List.of(next));
        words.add(last);
        return words.toArray(String[]::new);
    }

    private String inspected(String format, String network) {
        return docker("network", "inspect", "-v", "-f", format, network).must();
    }

    /// Runs a command in a task of a service, wherever one is.
    private Ran inTask(String service, String... words) {
        String machine = cluster.machinesOf(service).getFirst();
        String container = cluster.place()
                .docker(machine, "ps", "-q", "--filter", "label=com.docker.swarm.service.name=" + service)
                .must()
                .lines()
                .findFirst()
                .orElse("none");
        return cluster.place()
                .docker(
                        machine,
                        Stream.concat(Stream.of("exec", container), Stream.of(words))
                                .toArray(String[]::new));
    }

    @Test
    void aNetworkIsAsAskedAndShown() {
        network(
                "asked",
                "--subnet=10.61.0.0/24",
                "--gateway=10.61.0.9",
                "--ip-range=10.61.0.64/26",
                "--aux-address=router=10.61.0.64",
                "--subnet=10.62.0.0/24",
                "--subnet=fd00:61::/64",
                "--ipv6",
                "--attachable",
                "--scope=swarm",
                "--opt=com.docker.network.driver.mtu=1400",
                "--opt=com.docker.network.driver.overlay.vxlanid_list=6100");

        assertThat(inspected("{{.Driver}} {{.Scope}} {{.EnableIPv6}} {{.Attachable}} {{.Internal}}", "asked"))
                .isEqualTo("overlay swarm true true false");
        assertThat(inspected(
                        "{{range .IPAM.Config}}{{.Subnet}},{{.IPRange}},{{.Gateway}},{{.AuxAddress}} {{end}}", "asked"))
                .startsWith("10.61.0.0/24,10.61.0.64/26,10.61.0.9,map[router:10.61.0.64] 10.62.0.0/24,,10.62.0.1,map[]")
                .contains("fd00:61::/64");
        assertThat(inspected("{{json .Options}}", "asked")).contains("\"6100\"").contains("\"1400\"");
        assertThat(docker(
                                "network",
                                "ls",
                                "--filter",
                                "name=asked",
                                "--filter",
                                "dangling=true",
                                "--format",
                                "{{.Name}}")
                        .must())
                .isEqualTo("asked");

        service("ends", "asked", 2, SERVE);
        cluster.awaitRunning("ends", 2);
        assertThat(docker("network", "ls", "--filter", "name=asked", "--filter", "dangling=true", "-q")
                        .must())
                .isEmpty();
        assertThat(inspected("{{range .Services}}{{.VIP}}{{range .Tasks}} {{.EndpointIP}}{{end}}{{end}}", "asked"))
                .matches("10\\.61\\.0\\.65( 10\\.61\\.0\\.6[67]){2}");
        assertThat(inspected("{{len .Peers}}", "asked")).isEqualTo("2");
        assertThat(docker("network", "rm", "asked").said()).contains("is in use by service");
        assertThat(inTask("ends", "cat", "/sys/class/net/eth0/mtu").must().strip())
                .isEqualTo("1400");
    }

    @Test
    void tasksOfTwoFamiliesFindEachOtherByNameAndAddress() {
        network("both", "--ipv6", "--subnet=fd00:63::/64", "--subnet=10.63.0.0/24");
        service("pages", "both", 3, SERVE);
        service("asker", "both", 1, "sleep 10000");
        cluster.awaitRunning("pages", 3);
        cluster.awaitRunning("asker", 1);

        String ask = "printf 'GET / HTTP/1.0\r\n\r\n' | nc -w 5 fd00:63::a3f:2 80";
        assertThat(inTask("asker", "sh", "-c", ask).said())
                .as("the virtual address of IPv6")
                .contains("200 OK");
        assertThat(inTask("asker", "nslookup", "pages").said()).contains("fd00:63::a3f:2", "10.63.0.2");
        assertThat(inTask("asker", "nslookup", "tasks.pages").said())
                .contains("fd00:63::a3f:3", "fd00:63::a3f:4", "fd00:63::a3f:5");
        for (String task : List.of("3", "4", "5")) {
            assertThat(inTask("asker", "ping", "-6", "-c", "1", "-W", "3", "fd00:63::a3f:" + task)
                            .isWell())
                    .isTrue();
        }
    }

    /// As `stack rm` does, and a deployment right after it.
    @Test
    void aNetworkGoesRightAfterItsServiceWhileTasksAreStillEnding() {
        for (int round = 0; round < 20; round++) {
            network("again", "--subnet=10.64.0.0/24");
            service("lingers", "again", 2, LINGER);
            if (round % 4 == 0) {
                cluster.awaitRunning("lingers", 2);
            }
            docker("service", "rm", "lingers").must();
            docker("network", "rm", "again").must();
        }
        network("again", "--subnet=10.64.0.0/24");
        service("last", "again", 3, SERVE);
        cluster.awaitRunning("last", 3);
        assertThat(inTask("last", "ping", "-c", "1", "-W", "3", "last").must()).contains("10.64.0.2");
    }

    @Test
    void aFullNetworkIsToldWithNumbersAndItsTasksGoOnWhenThereIsRoom() {
        network("narrow", "--subnet=10.65.0.0/29");
        service("one", "narrow", 2, SERVE);
        cluster.awaitRunning("one", 2);
        service("two", "narrow", 2, SERVE);
        Eventually.asserted(() -> assertThat(docker("service", "ps", "--no-trunc", "--format", "{{.Error}}", "two")
                        .out())
                .contains("network narrow has no free address: 5 of 5 are in use"));

        docker("service", "scale", "-d", "one=1").must();
        cluster.awaitRunning("two", 2);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            --subnet 10.66.0.0/33                                 | invalid
            --subnet 10.66.0.0/24 --gateway 10.67.0.1             | gateway
            --subnet 10.66.0.0/24 --ip-range 10.67.0.0/26         | range
            --subnet 10.66.0.0/24 --subnet 10.66.0.0/25           | overlap
            --subnet 10.0.0.0/16                                  | Pool overlaps with other one on this address space
            --opt com.docker.network.driver.mtu=much              | invalid MTU value: much
            --opt com.docker.network.driver.overlay.vxlanid_list=4096 | vxlan id 4096 is in use by network ingress
            --ipam-driver nobodys                                 | plugin "nobodys" not found
            --ingress                                             | ingress network
            """)
    void whatCannotBeIsRefused(String options, String text) {
        Ran refused = docker(words(List.of("network", "create", "-d", "overlay"), options.split(" "), "odd"));
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.said()).contains(text);
    }
}
