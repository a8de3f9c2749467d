package io.panal.program.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What no proper client sends, and what users mistype: each is refused with a reason, and the daemon lives on.
@ExtendWith(SharedCluster.class)
class BadInputIT {
    private static final String PORT = "8099";

    private final Cluster cluster;
    private final Place place;
    private String daemon = "";

    BadInputIT(Cluster cluster) {
        this.cluster = cluster;
        this.place = cluster.place();
    }

    @BeforeEach
    void note() {
        daemon = daemon();
    }

    @AfterEach
    void theDaemonLives() {
        assertThat(daemon()).isEqualTo(daemon);
        assertThat(wire().get("/_ping").status()).isEqualTo(200);
    }

    @ParameterizedTest(name = "{0} {1} with {2}: {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            POST   | /v1.44/services/create | {bad                                        | 400 | invalid character 'b' looking for beginning of object key string
            POST   | /v1.44/services/create | {"Name":7,"TaskTemplate":{"ContainerSpec":{"Image":"i"}}} | 400 | json: cannot unmarshal number into Go struct field ServiceSpec.Name of type string
            GET    | /v1.44/services?filters=nojson | ``                                  | 400 | invalid filter
            GET    | /v1.44/services?filters={"color":{"x":true}} | ``                    | 400 | invalid filter 'color'
            POST   | /v1.44/services/create | {"Name":"x","TaskTemplate":{"ContainerSpec":{"Image":"i"}},"Mode":{"Replicated":{"Replicas":-1}}} | 400 | json: cannot unmarshal number -1 into Go struct field ReplicatedService.Mode.Replicated.Replicas of type uint64
            POST   | /v1.44/services/create | {"Name":"a b","TaskTemplate":{"ContainerSpec":{"Image":"i"}}} | 400 | rpc error: code = InvalidArgument desc = name must be valid as a DNS name component
            POST   | /v1.44/services/create | {"Name":"_x","TaskTemplate":{"ContainerSpec":{"Image":"i"}}}  | 400 | rpc error: code = InvalidArgument desc = name must be valid as a DNS name component
            POST   | /v1.44/services/create | {"Name":"x","TaskTemplate":{"ContainerSpec":{"Image":"i"}},"EndpointSpec":{"Ports":[{"TargetPort":80,"PublishedPort":70000}]}} | 400 | EndpointSpec: invalid published port 70000: must be from 0 to 65535
            POST   | /v1.44/services/create | {"Name":"x","TaskTemplate":{"ContainerSpec":{}}} | 400 | rpc error: code = InvalidArgument desc = ContainerSpec: image reference must be provided
            POST   | /v1.44/services/none/update?version=1 | {}                          | 404 | service none not found
            POST   | /v1.44/swarm/join      | nonsense                                    | 400 | invalid character 'o' in literal null (expecting 'u')
            DELETE | /v1.44/services/none   | ``                                          | 404 | service none not found
            PATCH  | /v1.44/services/create | {}                                          | 404 | page not found
            GET    | /v1.44/nothing         | ``                                          | 404 | page not found
            GET    | /v1.99/services        | ``                                          | 400 | client version 1.99 is too new
            """)
    void isRefused(String method, String path, String body, int status, @Nullable String text) {
        Wire.Answer answer = wire().request(method, path, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.text())
                .contains("{\"message\":\"")
                .doesNotContain("Exception")
                .doesNotContain("\tat ");
        if (text != null) {
            assertThat(answer.text()).contains(text);
        }
    }

    @Test
    void noiseIsNotHttp() {
        assertThat(wire().send("\0\1\2 this is no request\r\n\r\n").status()).isIn(0, 400);
        assertThat(wire().send("GET " + "/long".repeat(100_000) + " HTTP/1.1\r\n\r\n")
                        .status())
                .isIn(0, 400, 414, 431);
    }

    @Test
    void aBodyOfAHundredMegabytesIsRefused() {
        assertThat(wire().flood("/v1.44/services/create", 100L << 20).status()).isIn(0, 400, 413);
    }

    @Test
    void aClientThatHangsUpInTheMiddleLeavesNothing() {
        for (int i = 0; i < 20; i++) {
            wire().abandon(
                            "POST /v1.44/services/create HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\n{\"Name\":\"half");
            wire().abandon("GET /v1.44/events HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        assertThat(cluster.docker("service", "ls", "--format", "{{.Name}}").must())
                .doesNotContain("half");
    }

    @Test
    void namesAndPortsAreNotGivenTwice() {
        String image = cluster.image("busybox");
        try {
            cluster.docker("service", "create", "-d", "--name", "one", "-p", PORT + ":80", image, "sleep", "1000")
                    .must();
            Ran again = cluster.docker("service", "create", "-d", "--name", "one", image);
            assertThat(again.status()).isEqualTo(1);
            assertThat(again.err()).contains("name conflicts with an existing object");
            Ran taken = cluster.docker("service", "create", "-d", "--name", "two", "-p", PORT + ":80", image);
            assertThat(taken.status()).isEqualTo(1);
            assertThat(taken.err()).contains("port '" + PORT + "' is already in use by service 'one'");
            assertThat(wire().post("/v1.44/services/create", """
                            {"Name":"one","TaskTemplate":{"ContainerSpec":{"Image":"i"}}}""").status()).isEqualTo(409);
        } finally {
            cluster.remove("one");
            cluster.remove("two");
        }
    }

    /// Older clients have words of their own for a service that is not there; the API's are held above.
    @ParameterizedTest(name = "docker {0}")
    @CsvSource(delimiter = '|', textBlock = """
            service create --name bad.name. IMAGE       | name must be valid as a DNS name component
            service scale nobodys=3                     | nobodys: Error
            service scale nobodys=-1                    | invalid
            service rm nobodys                          | nobodys
            service inspect nobodys                     | no such service: nobodys
            service update --force nobodys              | nobodys
            service logs nobodys                        | no such task or service: nobodys
            service create --name small --limit-memory 1m IMAGE | invalid memory value
            service create --name odd --constraint nonsense IMAGE | constraint expected one operator from ==, !=
            node inspect nobody                         | nobody
            node rm manager-2                           | is a cluster manager and is a member of the raft cluster. It must be demoted to worker before removal
            node update --availability sleepy worker-1  | invalid Availability
            swarm leave                                 | You are attempting to leave the swarm on a node that is participating as a manager
            """)
    void isToldByWhateverClient(String words, String text) {
        Ran ran = place.docker(
                "manager-1", words.replace("IMAGE", cluster.image("busybox")).split(" "));
        assertThat(ran.status()).as(ran.said()).isEqualTo(1);
        assertThat(ran.err()).contains(text).doesNotContain("Exception").doesNotContain("\tat ");
    }

    /// Each sentence whole, as a recorded Docker Swarm and its client said it: our client says it the same.
    @ParameterizedTest(name = "panal {0}")
    @CsvSource(delimiter = '|', textBlock = """
            service create --name bad.name. IMAGE       | Error response from daemon: rpc error: code = InvalidArgument desc = name must be valid as a DNS name component
            service scale nobodys=3                     | nobodys: Error response from daemon: service nobodys not found
            service scale nobodys=-1                    | nobodys: invalid replicas value -1: strconv.ParseUint: parsing "-1": invalid syntax
            service scale nobodys=many                  | nobodys: invalid replicas value many: strconv.ParseUint: parsing "many": invalid syntax
            service rm nobodys                          | Error response from daemon: service nobodys not found
            service inspect nobodys                     | Error: no such service: nobodys
            service update --force nobodys              | Error response from daemon: service nobodys not found
            service logs nobodys                        | no such task or service: nobodys
            service ps nobodys                          | no such service: nobodys
            service create --name small --limit-memory 1m IMAGE | Error response from daemon: rpc error: code = InvalidArgument desc = invalid memory value 1048576: Must be at least 4MiB
            service create --name odd --constraint nonsense IMAGE | Error response from daemon: rpc error: code = Unknown desc = constraint expected one operator from ==, !=
            node inspect nobody                         | Error response from daemon: node nobody not found
            node update --availability drain nobody     | Error response from daemon: node nobody not found
            node rm manager-2                           | Error response from daemon: rpc error: code = FailedPrecondition desc = node ID is a cluster manager and is a member of the raft cluster. It must be demoted to worker before removal
            node update --availability sleepy worker-1  | Error response from daemon: invalid Availability: "sleepy"
            swarm leave                                 | Error response from daemon: You are attempting to leave the swarm on a node that is participating as a manager. The only way to restore a swarm that has lost consensus is to reinitialize it with `--force-new-cluster`. Use `--force` to suppress this message.
            """)
    void isToldInDockersWords(String words, String text) {
        Ran ran = place.panal(
                "manager-1", words.replace("IMAGE", cluster.image("busybox")).split(" "));
        assertThat(ran.status()).as(ran.said()).isEqualTo(1);
        assertThat(ran.err().strip().replaceAll("\\b[a-z0-9]{25}\\b", "ID")).isEqualTo(text);
    }

    private Wire wire() {
        return Wire.to(place.socket("manager-1"));
    }

    /// The process of the first manager's daemon.
    private String daemon() {
        return ProcessHandle.of(place.process("manager-1")).stream()
                .flatMap(ProcessHandle::children)
                .filter(child -> child.info()
                        .command()
                        .filter(path -> path.endsWith("/java"))
                        .isPresent())
                .map(child -> Long.toString(child.pid()))
                .collect(Collectors.joining(" "));
    }
}
