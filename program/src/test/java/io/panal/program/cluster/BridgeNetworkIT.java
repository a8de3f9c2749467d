package io.panal.program.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Networks of one host, a worker of a swarm, as the stock client makes and uses them.
@ExtendWith(SharedCluster.class)
class BridgeNetworkIT {
    private static final String HOST = "worker-1";
    private static final String SERVE = "mkdir -p /w && hostname >/w/index.html && exec httpd -f -p 80 -h /w";

    private final Cluster cluster;
    private final Place place;
    private final int port;
    private final List<String> containers = new ArrayList<>();

    BridgeNetworkIT(Cluster cluster) {
        this.cluster = cluster;
        this.place = cluster.place();
        this.port = cluster.port();
    }

    @BeforeEach
    void makeNetworks() {
        docker("network", "create", "--subnet", "10.77.0.0/24", "--label", "it=bridge", "app")
                .must();
        docker("network", "create", "--internal", "--label", "it=bridge", "inner")
                .must();
        run("web", "--network", "app", "--ip", "10.77.0.50", "--network-alias", "store", "-p", port + ":80");
        run("client", "--network", "app");
    }

    @AfterEach
    void clear() {
        containers.forEach(name -> docker("rm", "-f", name));
        docker("network", "prune", "-f", "--filter", "label=it=bridge");
        assertThat(docker("network", "ls", "-q", "--filter", "label=it=bridge").must())
                .isEmpty();
    }

    private Ran docker(String... words) {
        return place.docker(HOST, words);
    }

    private void run(String name, String... options) {
        List<String> words = new ArrayList<>(List.of("run", "-d", "--name", name, "--hostname", name));
        words.addAll(List.of(options));
        words.addAll(List.of(cluster.image("busybox"), "sh", "-c", SERVE));
        containers.add(name);
        docker(words.toArray(String[]::new)).must();
    }

    private Ran ping(String from, String to) {
        return docker("exec", from, "ping", "-c", "1", "-W", "2", to);
    }

    private String fetch() {
        return Commands.run("curl", "-s", "--max-time", "5", "http://%s:%d/".formatted(cluster.address(HOST), port))
                .out()
                .strip();
    }

    @Test
    void containersFindEachOtherByNameAndAreReachedThroughTheirPorts() {
        for (String name : List.of("web", "store", "web.app", "10.77.0.50")) {
            assertThat(ping("client", name).must()).contains("10.77.0.50");
        }
        Eventually.is("the page behind the port", "web", this::fetch);
        assertThat(docker("network", "inspect", "-f", "{{range .Containers}}{{.Name}}={{.IPv4Address}} {{end}}", "app")
                        .must())
                .contains("web=10.77.0.50/24", "client=10.77.0.2/24");
        assertThat(docker("network", "rm", "app").said()).contains("has active endpoints");
        run("stranger");
        assertThat(ping("stranger", "10.77.0.50").isWell()).isFalse();
        assertThat(ping("stranger", "web").isWell()).isFalse();
        assertThat(ping("stranger", place.host()).isWell()).isTrue();
    }

    @Test
    void networksComeAndGoWhileContainersRun() {
        run("deep", "--network", "inner");
        assertThat(ping("deep", place.host()).isWell()).isFalse();
        docker("network", "connect", "--alias", "backend", "inner", "web").must();
        assertThat(ping("deep", "backend").isWell()).isTrue();
        docker("rename", "web", "shop").must();
        containers.add("shop");
        assertThat(ping("deep", "shop").isWell()).isTrue();
        docker("network", "disconnect", "app", "shop").must();
        assertThat(ping("client", "store").isWell()).isFalse();
        docker("restart", "-t", "0", "shop").must();
        assertThat(docker("inspect", "-f", "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}}{{end}}", "shop")
                        .must())
                .isEqualTo("inner");
        assertThat(docker("network", "connect", "--ip", "10.77.0.2", "app", "shop")
                        .said())
                .contains("Address already in use");
    }

    @Test
    void aBridgeThatSomebodyDeletesComesBack() {
        run("stranger");
        Eventually.is("the page behind the port", "web", this::fetch);
        String device = "br-"
                + docker("network", "inspect", "-f", "{{.Id}}", "app").must().substring(0, 12);
        for (String each : List.of(device, "docker0")) {
            place.inside(HOST, "ip link del " + each).must();
            Eventually.asserted(() -> assertThat(
                            place.inside(HOST, "ip -o link show " + each).out())
                    .contains("UP"));
        }
        Eventually.is("the page behind the port", "web", this::fetch);
        assertThat(ping("client", "store").isWell()).isTrue();
        assertThat(ping("stranger", place.host()).isWell()).isTrue();
    }

    @Test
    void aKilledDaemonLosesNoPacket() {
        Eventually.is("the page behind the port", "web", this::fetch);
        docker("exec", "-d", "client", "sh", "-c", "ping -i 0.1 -c 80 -W 1 web >/w/pings")
                .must();
        place.inside(HOST, FaultIT.toDaemon("KILL")).must();
        Eventually.asserted(
                () -> assertThat(docker("exec", "client", "cat", "/w/pings").out())
                        .contains("80 packets transmitted, 80 packets received"));
        assertThat(fetch()).isEqualTo("web");
        assertThat(ping("client", "store").isWell()).isTrue();
        run("late", "--network", "app");
        assertThat(ping("late", "client").isWell()).isTrue();
        assertThat(docker("inspect", "-f", "{{.NetworkSettings.Networks.app.IPAddress}}", "late")
                        .must())
                .isEqualTo("10.77.0.3");
    }
}
