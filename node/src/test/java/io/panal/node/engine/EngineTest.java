package io.panal.node.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The host's half, as the stock docker client sees it.
@Timeout(120)
class EngineTest {
    private static final String REFUSED = "{{.State.ExitCode}} {{ne .State.Error \"\"}}";
    private static EngineHost host;

    @BeforeAll
    static void open() throws Exception {
        host = new EngineHost(new Alone(), (_, _, _) -> {});
    }

    @AfterAll
    static void close() throws IOException {
        host.close();
    }

    @ParameterizedTest(name = "docker {0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            run --rm busybox echo hello            | 0   | hello |
            run --rm busybox sh -c exit`` ``7      | 7   |       |
            run --rm busybox /no/such              | 127 |       | stat /no/such: no such file or directory
            run --rm --read-only busybox touch /x  | 1   |       | Read-only file system
            run --rm -e A=B busybox printenv       | 127 |       | executable file not found
            run --rm -w /bin busybox pwd           | 0   | /bin  |
            run --rm --user 12 busybox id -u       | 0   | 12    |
            run --rm -t busybox test -t 1          | 0   |       |
            run --name x!y busybox                 | 125 |       | Invalid container name (x!y), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed
            run --rm --memory 1m busybox true      | 125 |       | Minimum memory limit allowed is 6MB
            run --rm --cpus 9999 busybox true      | 125 |       | range of CPUs is from 0.01 to
            run --rm --log-opt max-file=x busybox  | 125 |       | invalid value for max-file: "x"
            run --rm --network nope busybox true   | 125 |       | network nope not found
            inspect nothere                        | 1   | []    | o such object: nothere
            logs nothere                           | 1   |       | No such container: nothere
            volume inspect nothere                 | 1   | []    | o such volume
            volume create a!b                      | 1   |       | create a!b: "a!b" includes invalid characters for a local volume name
            network rm bridge                      | 1   |       | bridge is a pre-defined network and cannot be removed
            network rm nothere                     | 1   |       | nothere
            network create bridge                  | 1   |       | operation is not permitted on predefined bridge network
            network create --driver nope x         | 1   |       | plugin "nope" not found
            network create --driver host x         | 1   |       | only one instance of "host" network is allowed
            network create --subnet 10.1.2 x       | 1   |       | invalid CIDR address: 10.1.2
            network create --subnet 172.17.1.0/24 x | 1  |       | Pool overlaps with other one on this address space
            network inspect bridge --format {{.IPAM.Config}} | 0 | [{172.17.0.0/16  172.17.0.1 map[]}] |
            network ls --filter dangling=true --format {{.Name}} | 0 | |
            network connect host nothere           | 1   |       | No such container: nothere
            network ls --filter type=custom --format {{.Name}} | 0 | docker_gwbridge |
            node ls                                | 1   |       | This node is not a swarm manager. Use "docker swarm init" or "docker swarm join"
            service create busybox                 | 1   |       | This node is not a swarm manager. Use "docker swarm init" or "docker swarm join"
            swarm leave                            | 1   |       | This node is not part of a swarm
            swarm init --advertise-addr 10.1.2.3   | 1   |       | advertise address was 10.1.2.3
            swarm join --token T 10.1.2.3:2377     | 1   |       | token was T
            info --format {{.Swarm.LocalNodeState}} | 0  | inactive |
            search nginx                           | 1   |       | search is not supported
            plugin install some/plugin             | 1   |       | plugins are not supported
            plugin enable nope                     | 1   |       | plugin "nope" not found
            plugin ls --format {{.Name}}           | 0   |       |
            version --format {{.Server.APIVersion}} | 0  | 1.47  |
            version --format {{.Server.Version}}    | 0  | 27.3.1+panal.0.1.0 |
            """)
    void speaksDocker(String line, int code, String out, String err) throws Exception {
        String[] words = line.replace("`` ``", "\u00a0").split(" ");
        for (int i = 0; i < words.length; i++) {
            words[i] = words[i].replace('\u00a0', ' ');
        }

        StockDocker.Outcome outcome = host.docker.run(words);

        assertThat(outcome.err()).contains(err == null ? "" : err);
        assertThat(outcome.out().strip()).isEqualTo(out == null ? "" : out);
        assertThat(outcome.code()).isEqualTo(code);
    }

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

    private static void await(String wanted, String... question) throws Exception {
        Instant deadline = Instant.now().plusSeconds(60);
        String answer = host.docker.run(question).out();
        while (!answer.contains(wanted) && Instant.now().isBefore(deadline)) {
            answer = host.docker.run(question).out();
        }
        assertThat(answer).contains(wanted);
    }

    @Test
    void aHealthCheckFindsAContainerIllAndWellAgain() throws Exception {
        String check = "cat /tmp/well";
        host.docker.run(
                "run",
                "-d",
                "--name",
                "sick",
                "--health-cmd",
                check,
                "--health-interval",
                "100ms",
                "--health-retries",
                "2",
                "busybox",
                "sleep",
                "100");

        await("(unhealthy)", "ps", "--format", "{{.Status}}", "--filter", "name=sick");
        String log = host.docker
                .run("inspect", "sick", "--format", "{{json .State.Health}} {{json .Config.Healthcheck}}")
                .out();
        assertThat(log)
                .contains("\"Status\":\"unhealthy\"", "can't open '/tmp/well': No such file or directory")
                .contains("\"Test\":[\"CMD-SHELL\",\"cat /tmp/well\"],\"Interval\":100000000,\"Retries\":2");
        host.docker.run("exec", "sick", "touch", "/tmp/well");
        await("healthy", "inspect", "sick", "--format", "{{.State.Health.Status}} {{.State.Health.FailingStreak}}");
        await("sick", "ps", "--format", "{{.Names}}", "--filter", "health=healthy");
        await("5", "inspect", "sick", "--format", "{{len .State.Health.Log}}");
        host.docker.run("rm", "-f", "sick");
    }

    @Test
    void aHealthCheckThatTakesTooLongHasFailed() throws Exception {
        host.docker.run(
                "run",
                "-d",
                "--name",
                "slow",
                "--health-cmd",
                "sleep 50",
                "--health-interval",
                "100ms",
                "--health-timeout",
                "100ms",
                "--health-retries",
                "1",
                "busybox",
                "sleep",
                "100");

        await(
                "unhealthy -1 Health check exceeded timeout (100ms)",
                "inspect",
                "slow",
                "--format",
                "{{.State.Health.Status}} {{with index .State.Health.Log 0}}{{.ExitCode}} {{.Output}}{{end}}");
        host.docker.run("rm", "-f", "slow");
    }

    @Test
    void aContainerThatIsToGoOnIsStartedAgain() throws Exception {
        host.docker.run("run", "-d", "--name", "twice", "--restart", "on-failure:2", "busybox", "false");
        host.docker.run("run", "-d", "--name", "always", "--restart", "always", "busybox", "sh", "-c", "sleep 0.2");

        await("exited 2", "inspect", "twice", "--format", "{{.State.Status}} {{.RestartCount}}");
        await("2", "inspect", "always", "--format", "{{.RestartCount}}");
        host.docker.run("stop", "-t", "0", "always");
        await("exited", "inspect", "always", "--format", "{{.State.Status}}");
        assertThat(host.docker
                        .run("run", "--restart", "sometimes", "busybox", "true")
                        .err())
                .contains("invalid restart policy");
        host.docker.run("rm", "-f", "twice", "always");
    }

    @Test
    void aStartAgainThatIsRefusedIsTriedAgainUntilItSucceedsOrIsStopped() throws Exception {
        Path needed = Files.createDirectory(host.directory.resolve("needed"));
        String again = "until [ ! -e /needed/go ]; do sleep 0.05; done";
        for (String name : List.of("back", "stopped")) {
            Files.writeString(needed.resolve("go"), "");
            host.docker.run(
                    "run",
                    "-d",
                    "--name",
                    name,
                    "--restart",
                    "always",
                    "-v",
                    needed + ":/needed",
                    "busybox",
                    "sh",
                    "-c",
                    again);
        }
        Path away = Files.move(needed, host.directory.resolve("away"));
        Files.delete(away.resolve("go"));

        await("127 true", "inspect", "back", "--format", REFUSED);
        await("127 true", "inspect", "stopped", "--format", REFUSED);
        host.docker.run("stop", "stopped");
        Files.writeString(away.resolve("go"), "");
        Files.move(away, needed);

        await("running", "inspect", "back", "--format", "{{.State.Status}}");
        assertThat(host.docker
                        .run("inspect", "stopped", "--format", "{{.State.Status}} {{.RestartCount}}")
                        .out())
                .isEqualTo("exited 0\n");
        host.docker.run("rm", "-f", "back", "stopped");
    }

    @Test
    void limitsAndTheRestartPolicyOfARunningContainerCanBeChanged() throws Exception {
        host.docker.run("run", "-d", "--name", "grows", "--memory", "32m", "busybox", "sleep", "100");

        assertThat(host.docker.run(
                        "update", "--memory", "64m", "--memory-swap", "64m", "--restart", "unless-stopped", "grows"))
                .isEqualTo(new StockDocker.Outcome(0, "grows\n", ""));
        assertThat(host.docker
                        .run(
                                "inspect",
                                "grows",
                                "--format",
                                "{{.HostConfig.Memory}} {{.HostConfig.RestartPolicy.Name}}")
                        .out())
                .isEqualTo("67108864 unless-stopped\n");
        host.docker.run("rm", "-f", "grows");
    }

    @Test
    void aContainerLivesItsWholeLife() throws Exception {
        host.docker.run(
                "run", "-d", "--name", "life", "-l", "k=v", "busybox", "sh", "-c", "echo out; echo err >&2; sleep 100");

        StockDocker.Outcome exec = host.docker.run("exec", "life", "sh", "-c", "echo one; echo two >&2; exit 5");
        assertThat(exec).isEqualTo(new StockDocker.Outcome(5, "one\n", "two\n"));
        assertThat(host.docker.run("exec", "life", "nosuch").code()).isEqualTo(127);
        assertThat(host.docker.run("logs", "life")).isEqualTo(new StockDocker.Outcome(0, "out\n", "err\n"));
        assertThat(host.docker
                        .run("ps", "-f", "label=k=v", "--format", "{{.Names}} {{.State}} {{.Image}}")
                        .out())
                .isEqualTo("life running busybox\n");
        assertThat(host.docker.run("top", "life").out()).contains("sleep 100");
        assertThat(host.docker.run("rm", "life").err()).contains("You cannot remove a running container");
        assertThat(host.docker.run("run", "--name", "life", "busybox").err())
                .contains("The container name \"/life\" is already in use");
        assertThat(host.docker.run("kill", "life").code()).isZero();
        assertThat(host.docker.run("wait", "life").out()).isEqualTo("137\n");
        assertThat(host.docker.run("exec", "life", "true").err()).contains("is not running");
        assertThat(host.docker.run("start", "life").code()).isZero();
        assertThat(host.docker.run("rm", "-f", "life").out()).isEqualTo("life\n");
        assertThat(host.docker.run("ps", "-aq", "-f", "name=life").out()).isEmpty();
    }

    @Test
    void inputEndsWithoutEndingTheOutput() throws Exception {
        byte[] input = new byte[10_000_000];

        assertThat(host.docker
                        .runWith(input, "run", "-i", "--rm", "busybox", "wc", "-c")
                        .out())
                .isEqualTo("10000000\n");
        host.docker.run("run", "-d", "--name", "half", "busybox", "sleep", "100");
        for (int i = 0; i < 5; i++) {
            assertThat(host.docker
                            .runWith("a line\n".getBytes(UTF_8), "exec", "-i", "half", "cat")
                            .out())
                    .isEqualTo("a line\n");
        }
        host.docker.run("rm", "-f", "half");
    }

    @Test
    void volumesOutliveContainers() throws Exception {
        host.docker.run("run", "--rm", "-v", "kept:/data", "busybox", "sh", "-c", "echo kept > /data/f");

        assertThat(host.docker
                        .run("run", "--name", "user", "-v", "kept:/data", "busybox", "cat", "/data/f")
                        .out())
                .isEqualTo("kept\n");
        assertThat(host.docker.run("volume", "rm", "kept").err()).contains("remove kept: volume is in use");
        host.docker.run("rm", "user");
        assertThat(host.docker.run("volume", "rm", "kept").out()).isEqualTo("kept\n");
    }

    @Test
    void imagesHaveNames() throws Exception {
        assertThat(host.docker.run("tag", "busybox", "other:2").code()).isZero();
        assertThat(host.docker
                        .run("images", "--format", "{{.Repository}}:{{.Tag}}")
                        .out()
                        .lines())
                .contains("busybox:latest", "other:2");
        assertThat(host.docker.run("rmi", "other:2").out()).isEqualTo("Untagged: other:2\n");
        assertThat(host.docker.run("tag", "none:1", "x:1").err()).contains("No such image: none:1");
        assertThat(host.docker.run("image", "inspect", "none:1").err()).containsIgnoringCase("no such image: none:1");
    }

    @Test
    void whatHappensIsTold() throws Exception {
        host.docker.run("run", "--rm", "--name", "told", "busybox", "true");

        String soon = String.valueOf(Instant.now().getEpochSecond() + 1);
        String events = host.docker
                .run(
                        "events",
                        "--since",
                        "1h",
                        "--until",
                        soon,
                        "--filter",
                        "container=told",
                        "--format",
                        "{{.Action}}")
                .out();
        assertThat(Set.copyOf(events.lines().toList())).contains("create", "start", "die", "destroy");
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

    @Test
    void onlyWhatTheFiltersNameIsPruned() throws Exception {
        host.docker.run("create", "--name", "pruned", "--label", "fate=gone", "busybox");

        for (String filter : new String[] {"until=1h30m", "until=2001-02-03", "label=fate=kept", "label!=fate"}) {
            host.docker.run("container", "prune", "-f", "--filter", filter, "--filter", "label=fate");
            assertThat(host.docker.run("inspect", "pruned").code()).as(filter).isZero();
        }
        assertThat(host.docker
                        .run("container", "prune", "-f", "--filter", "until=yesterday")
                        .err())
                .contains("invalid time \"yesterday\"");
        assertThat(host.docker
                        .run("container", "prune", "-f", "--filter", "colour=red")
                        .err())
                .contains("invalid filter 'colour'");
        assertThat(host.docker
                        .run("image", "prune", "-af", "--filter", "until=2001-02-03")
                        .code())
                .isZero();
        assertThat(host.docker.run("image", "inspect", "busybox").code()).isZero();
        host.docker.run("container", "prune", "-f", "--filter", "label=fate=gone", "--filter", "until=0s");
        assertThat(host.docker.run("inspect", "pruned").code()).isNotZero();
    }

    @Test
    void whatAContainerChangedIsListedAndMeasured() throws Exception {
        String script =
                "echo 12345 > /srv-new; busybox mkdir -p /a/b; touch /a/b/c; echo more >> /etc/passwd; busybox rm /bin/false";
        host.docker.run("run", "--name", "changed", "busybox", "sh", "-c", script);
        host.docker.run("run", "--name", "unchanged", "busybox", "true");

        assertThat(host.docker.run("diff", "changed").out().lines())
                .containsExactlyInAnyOrder(
                        "C /bin",
                        "D /bin/false",
                        "C /etc",
                        "C /etc/passwd",
                        "A /a",
                        "A /a/b",
                        "A /a/b/c",
                        "A /srv-new");
        assertThat(host.docker.run("diff", "unchanged").out()).isEmpty();
        assertThat(host.docker
                        .run("ps", "-as", "--filter", "name=unchanged", "--format", "{{.Size}}")
                        .out())
                .matches("0B \\(virtual [0-9.]+MB\\)\n");
        assertThat(host.docker
                        .run("inspect", "-s", "--format", "{{.SizeRw}}", "unchanged")
                        .out())
                .isEqualTo("0\n");
        host.docker.run("rm", "changed", "unchanged");
    }

    @Test
    void commandsInAContainerAreToldOf() throws Exception {
        Instant begin = Instant.now();
        host.docker.run("run", "-d", "--name", "busy", "busybox", "sleep", "60");
        host.docker.run("exec", "busy", "sh", "-c", "exit 3");

        StockDocker.Outcome told = host.docker.run(
                "events",
                "--since",
                begin.toString(),
                "--until",
                Instant.now().plusSeconds(1).toString(),
                "--filter",
                "container=busy",
                "--format",
                "{{.Action}} {{.Actor.Attributes.exitCode}}");
        assertThat(told.out()).contains("exec_create: sh -c exit 3", "exec_start: sh -c exit 3", "exec_die 3");
        host.docker.run("rm", "-f", "busy");
    }

    /// What the terminal shows after a line was typed, up to the expected words; then the connection is dropped, as
    /// the docker client does that is told to detach.
    private static String typed(String container, String line, String expected) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(host.socket()))) {
            send(
                    channel,
                    "POST /containers/%s/attach?stream=1&stdin=1&stdout=1 HTTP/1.1\r\n".formatted(container)
                            + "Host: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n");
            assertThat(until(channel, "\r\n\r\n")).contains(" 101 ");
            send(channel, line + "\n");
            return until(channel, expected);
        }
    }

    private static void send(SocketChannel channel, String text) throws IOException {
        channel.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    private static String until(SocketChannel channel, String expected) throws IOException {
        StringBuilder shown = new StringBuilder();
        ByteBuffer piece = ByteBuffer.allocate(1024);
        while (shown.indexOf(expected) < 0 && channel.read(piece.clear()) >= 0) {
            shown.append(UTF_8.decode(piece.flip()));
        }
        return shown.toString();
    }

    @Test
    void aTerminalWhoseClientDetachesStaysForTheNext() throws Exception {
        host.docker.run("create", "-it", "--name", "left", "busybox", "sh");
        host.docker.run("start", "left");

        assertThat(typed("left", "a=40", "a=40")).contains("a=40");
        assertThat(typed("left", "echo $((a + 2)).", "42.")).contains("42.");
        host.docker.run("rm", "-f", "left");
    }
}
