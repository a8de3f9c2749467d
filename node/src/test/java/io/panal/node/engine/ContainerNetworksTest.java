package io.panal.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Networks and ports of containers, as the stock docker client sees them.
@Timeout(120)
class ContainerNetworksTest extends OnOneEngine {
    @Test
    void aNetworkIsShownAsItWasAskedFor() throws Exception {
        StockDocker.Outcome made = host.docker.run(
                "network",
                "create",
                "--subnet=10.77.0.0/24",
                "--gateway=10.77.0.1",
                "--ip-range=10.77.0.128/25",
                "--label=a=b",
                "br1");
        assertThat(made.out().strip()).matches("[0-9a-f]{64}");
        host.docker.run("create", "--name", "on-br1", "--network", "br1", "--network-alias", "al", "busybox");
        host.docker.run("network", "connect", "--alias", "more", "bridge", "on-br1");
        assertThat(host.docker
                        .run(
                                "network",
                                "inspect",
                                "br1",
                                "--format",
                                "{{json .IPAM.Config}} {{json .Labels}} {{.Scope}}")
                        .out())
                .startsWith("[{\"Subnet\":\"10.77.0.0/24\",\"IPRange\":\"10.77.0.128/25\",\"Gateway\":\"10.77.0.1\"}]"
                        + " {\"a\":\"b\"} local");
        assertThat(host.docker
                        .run(
                                "inspect",
                                "on-br1",
                                "--format",
                                "{{range $n, $e := .NetworkSettings.Networks}}{{$n}} {{end}}")
                        .out())
                .startsWith("br1 bridge ");
        assertThat(host.docker.run("ps", "-aq", "--filter", "network=br1").out())
                .isNotBlank();
        assertThat(host.docker.run("network", "disconnect", "br1", "on-br1").code())
                .isZero();
        assertThat(host.docker.run("network", "disconnect", "br1", "on-br1").err())
                .contains("is not connected to the network br1");
        assertThat(host.docker.run("network", "create", "br1").err()).contains("network with name br1 already exists");
        assertThat(host.docker.run("network", "prune", "-f").out()).contains("br1");
        host.docker.run("rm", "on-br1");
    }

    @Test
    void aContainerWithoutNetworksIsToldToStayWithout() throws Exception {
        host.docker.run("create", "--name", "alone", "--network", "none", "busybox");
        assertThat(host.docker.run("network", "connect", "bridge", "alone").err())
                .contains("networks in private (none) mode");
        assertThat(host.docker.run("network", "disconnect", "none", "alone").err())
                .contains("make it again with --network NAME");
        host.docker.run("rm", "alone");
    }

    @Test
    void portsAreShownWhereTheyArePublishedAndWhereTheyAreOnlyExposed() throws Exception {
        host.docker.run(
                "run",
                "-d",
                "--name",
                "ported",
                "-p",
                "127.0.0.1:8099:80",
                "-p",
                "8098:81/udp",
                "--expose",
                "90",
                "busybox",
                "sleep",
                "60");

        assertThat(host.docker
                        .run("ps", "--filter", "name=ported", "--format", "{{.Ports}}")
                        .out())
                .isEqualTo("90/tcp, 127.0.0.1:8099->80/tcp, 0.0.0.0:8098->81/udp\n");
        // Older clients print them in any order.
        assertThat(host.docker.run("port", "ported").out().lines())
                .containsExactlyInAnyOrder("80/tcp -> 127.0.0.1:8099", "81/udp -> 0.0.0.0:8098");
        assertThat(host.docker.run("create", "-p", "[::1]:80:80", "busybox").err())
                .contains("cannot publish on ::1 alone");
        host.docker.run("rm", "-f", "ported");
    }
}
