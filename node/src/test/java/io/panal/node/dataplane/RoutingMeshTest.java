package io.panal.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.node.kernel.NetworkNamespace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Three hosts, tasks on the first two, on the real kernel.
class RoutingMeshTest {
    private static final int COUNT = 3;
    private static final List<Integer> TASK_HOSTS = List.of(1, 2);

    private Hosts hosts;
    private List<Dataplane> dataplanes;

    @BeforeEach
    void startHosts() throws IOException {
        hosts = new Hosts(COUNT);
        dataplanes = new ArrayList<>();
        for (int host = 1; host <= COUNT; host++) {
            dataplanes.add(hosts.dataplane(host));
            assertThat(of(host).apply(state(host))).isEmpty();
        }
        for (int host : TASK_HOSTS) {
            Sandbox sandbox = of(host).attach(Hosts.task("task" + host, host));
            hosts.serve(new NetworkNamespace(sandbox.namespace()), "task" + host, 80);
        }
    }

    @AfterEach
    void stopHosts() throws Exception {
        hosts.close();
    }

    private Dataplane of(int host) {
        return dataplanes.get(host - 1);
    }

    private static NetworkState state(int host) {
        return Hosts.state(host, COUNT, TASK_HOSTS, published("10.0.0.11", "10.0.0.12"));
    }

    private static List<Overlay.Published> published(String... backends) {
        return List.of(
                new Overlay.Published("tcp", 8080, 80, List.of(backends)),
                new Overlay.Published("udp", 8080, 80, List.of(backends)));
    }

    private Map<String, Integer> tally(NetworkNamespace from, String address, int times) throws IOException {
        Map<String, Integer> answers = new TreeMap<>();
        for (int i = 0; i < times; i++) {
            answers.merge(hosts.fetch(from, address, 8080), 1, Integer::sum);
        }
        return answers;
    }

    @Test
    void aPublishedPortAnswersOnEveryHostWithTheClientsAddressAndInTurns() throws IOException {
        for (int host = 1; host <= COUNT; host++) {
            assertThat(tally(Hosts.client(), Hosts.address(host), 10))
                    .as("host %d", host)
                    .isEqualTo(Map.of("task1 " + Hosts.CLIENT, 5, "task2 " + Hosts.CLIENT, 5));
            assertThat(Hosts.fetchUdp(Hosts.client(), Hosts.address(host), 8080))
                    .endsWith(" " + Hosts.CLIENT);
        }
    }

    @Test
    void aPublishedPortAnswersOnTheLoopbackOfEveryHost() throws IOException {
        for (int host = 1; host <= COUNT; host++) {
            for (String address : List.of("127.0.0.1", Hosts.address(host))) {
                assertThat(tally(Hosts.host(host), address, 4))
                        .as("host %d %s", host, address)
                        .isEqualTo(Map.of("task1 " + Hosts.address(host), 2, "task2 " + Hosts.address(host), 2));
            }
            assertThat(hosts.fetch(Hosts.host(host), "::1", 8080)).endsWith(" " + Hosts.address(host));
        }
    }
}
