package io.panal.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.codec.Codec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What `docker events` tells of containers, held to what a dockerd 20.10 told of the same commands.
@Timeout(120)
class EventsTest extends OnOneEngine {
    /// Of everything since `since`.
    private static List<JsonNode> events(Instant since, String container) throws Exception {
        String id = host.docker
                .run("inspect", "--format", "{{.Id}}", container)
                .out()
                .strip();
        return eventsOf(since, id.isEmpty() ? container : id);
    }

    private static List<JsonNode> eventsOf(Instant since, String id) throws Exception {
        List<JsonNode> events = new ArrayList<>();
        String until = Instant.now().plusMillis(500).toString();
        String told = host.docker
                .run("events", "--since", since.toString(), "--until", until, "--format", "{{json .}}")
                .out();
        for (String line : told.lines().toList()) {
            JsonNode event = Codec.JSON.parse(line.getBytes(StandardCharsets.UTF_8));
            JsonNode actor = event.path("Actor");
            boolean own = actor.path("ID").asString("").equals(id)
                    || actor.path("Attributes").path("container").asString("").equals(id);
            // The image has a health check, which may find something at any time.
            if (own && !event.path("Action").asString("").startsWith("health_status")) {
                events.add(event);
            }
        }
        return events;
    }

    private static List<String> words(List<JsonNode> events) {
        return events.stream()
                .map(event -> event.path("Type").asString("") + " "
                        + event.path("Action").asString("")
                        + signal(event.path("Actor").path("Attributes")))
                .toList();
    }

    private static String signal(JsonNode attributes) {
        String signal = attributes.path("signal").asString("");
        return signal.isEmpty() ? "" : " " + signal;
    }

    @Test
    void aContainerThatEndsAtOnceHasStartedBefore() throws Exception {
        Instant since = Instant.now();
        for (int i = 0; i < 5; i++) {
            host.docker.run("run", "--name", "short-" + i, "busybox", "true");

            List<JsonNode> events = events(since, "short-" + i);

            assertThat(words(events))
                    .containsExactly("container create", "container attach", "container start", "container die");
            assertThat(events.stream().map(event -> event.path("timeNano").asLong()))
                    .isSorted();
            assertThat(events.getLast().path("Actor").path("Attributes").properties())
                    .contains(Map.entry("exitCode", Codec.JSON.tree("0")))
                    .contains(Map.entry("execDuration", Codec.JSON.tree("0")));
        }
    }

    @Test
    void signalsComeBeforeTheEndAndTheStopAfterIt() throws Exception {
        Instant since = Instant.now();
        String id = host.docker
                .run("run", "-d", "-v", "told:/told", "busybox", "sleep", "1000")
                .out()
                .strip();
        host.docker.run("stop", "-t", "1", id);
        host.docker.run("start", id);
        host.docker.run("restart", "-t", "0", id);
        host.docker.run("kill", "-s", "KILL", id);
        host.docker.run("rm", "-f", id);

        assertThat(words(eventsOf(since, id)))
                .containsExactly(
                        "container create",
                        "volume mount",
                        "container start",
                        "container kill 15",
                        "container kill 9",
                        "container die",
                        "volume unmount",
                        "container stop",
                        "volume mount",
                        "container start",
                        "container kill 15",
                        "container kill 9",
                        "container die",
                        "volume unmount",
                        "container stop",
                        "volume mount",
                        "container start",
                        "container restart",
                        "container kill 9",
                        "container die",
                        "volume unmount",
                        "container destroy");
    }

    @Test
    void aRunningContainerThatIsRemovedIsToldToHaveEnded() throws Exception {
        Instant since = Instant.now();
        String id =
                host.docker.run("run", "-d", "busybox", "sleep", "1000").out().strip();
        host.docker.run("rm", "-f", id);

        assertThat(words(eventsOf(since, id)))
                .containsExactly(
                        "container create",
                        "container start",
                        "container kill 9",
                        "container die",
                        "container destroy");
    }

    @Test
    void aProgramThatIsNotThereIsToldOfAndEndsWith127() throws Exception {
        Instant since = Instant.now();
        String id =
                host.docker.run("run", "-d", "busybox", "sleep", "1000").out().strip();

        StockDocker.Outcome missing = host.docker.run("exec", id, "nosuchprogram");
        StockDocker.Outcome unfit = host.docker.run("exec", id, "/etc/passwd");

        assertThat(missing.code()).isEqualTo(127);
        assertThat(missing.out())
                .contains("OCI runtime exec failed: exec failed: unable to start container process: "
                        + "exec: \"nosuchprogram\": executable file not found in $PATH: unknown");
        assertThat(unfit.code()).isEqualTo(126);
        assertThat(words(eventsOf(since, id)))
                .contains("container exec_create: nosuchprogram ", "container exec_start: nosuchprogram ");
        host.docker.run("rm", "-f", id);
    }

    private static List<String> toldOf(Instant since, String type) throws Exception {
        String until = Instant.now().plusMillis(500).toString();
        String form = "{{.Action}} {{.Actor.ID}} {{index .Actor.Attributes \"reclaimed\"}}";
        String told = host.docker
                .run(
                        "events",
                        "--since",
                        since.toString(),
                        "--until",
                        until,
                        "--filter",
                        "type=" + type,
                        "--format",
                        form)
                .out();
        return told.lines().map(line -> line.strip()).toList();
    }

    @Test
    void whatIsLookedAtInAContainerAndCopiedIsTold() throws Exception {
        Instant since = Instant.now();
        String id =
                host.docker.run("run", "-d", "busybox", "sleep", "1000").out().strip();
        host.docker.run("top", id);
        assertThat(host.docker.run("cp", id + ":/etc/passwd", "-").code()).isZero();
        assertThat(host.docker.run("cp", "/etc/hostname", id + ":/").code()).isZero();
        Path file = host.directory.resolve("exported.tar");
        host.docker.run("export", "-o", file.toString(), id);
        host.docker.run("rm", "-f", id);

        assertThat(words(eventsOf(since, id)))
                .containsExactly(
                        "container create",
                        "container start",
                        "container top",
                        "container archive-path",
                        "container extract-to-dir",
                        "container export",
                        "container kill 9",
                        "container die",
                        "container destroy");
        assertThat(file).isNotEmptyFile();
    }

    @Test
    void volumesWithoutANameComeAndGoWithTheirContainer() throws Exception {
        Instant since = Instant.now();
        host.docker.run("run", "--rm", "--name", "brief", "-v", "/own", "busybox", "touch", "/own/file");
        String kept = host.docker.run("create", "-v", "/own", "busybox").out().strip();
        String volume = host.docker
                .run("inspect", "--format", "{{(index .Mounts 0).Name}}", kept)
                .out()
                .strip();
        host.docker.run("rm", "-v", kept);

        List<String> told = toldOf(since, "volume");
        assertThat(told).contains("create " + volume, "destroy " + volume);
        assertThat(told.stream().filter(line -> line.startsWith("create"))).hasSize(2);
        assertThat(told.stream().filter(line -> line.startsWith("destroy"))).hasSize(2);
        assertThat(host.docker.run("volume", "ls", "-q").out()).doesNotContain(volume);
    }

    @ParameterizedTest(name = "docker {0} prune")
    @ValueSource(strings = {"container", "image", "volume", "network"})
    void whatAPruneTookIsTold(String kind) throws Exception {
        Instant since = Instant.now();

        host.docker.run(kind, "prune", "-f", "--filter", "label=nobody-has-it");

        assertThat(toldOf(since, kind)).contains("prune  0");
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
}
