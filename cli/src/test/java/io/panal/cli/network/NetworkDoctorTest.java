package io.panal.cli.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.cli.Cli;
import io.panal.cli.client.Response;
import io.panal.cli.client.Transport;
import io.panal.cli.command.Session;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A swarm where the network of one node differs in one thing, until it is told to mend it.
class NetworkDoctorTest {
    private static final String NODES = """
            {"Scope":"%s","Nodes":[
            {"ID":"a1","Hostname":"m1","Error":"","Differences":[],"Problems":[]},
            {"ID":"b2","Hostname":"m2","Error":"%s","Differences":[%s],"Problems":[%s]}]}""";
    private static final String WELL = NODES.formatted("swarm", "", "", "");
    private static final String BROKEN = NODES.formatted("swarm", "", """
            {"Where":"node","What":"interface ingress0","Found":"missing","Wanted":"present"}""", "");
    private static final String TABLE = """
            NODE      WHERE     WHAT                 FOUND     WANTED
            m2        node      interface ingress0   missing   present
            """;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final List<String> asked = new ArrayList<>();
    private String state = BROKEN;

    private final class Node implements Transport {
        @Override
        public Response send(String method, String path, String headers, byte[] body) {
            String answer = path.endsWith("/_ping") ? "OK" : state;
            asked.add(URLDecoder.decode(path, StandardCharsets.UTF_8));
            if (path.contains("/repair")) {
                state = WELL;
            }
            return new Response(200, Map.of(), new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public void close() {}
    }

    private int run(String... options) {
        List<String> words = new ArrayList<>(List.of("network", "doctor"));
        words.addAll(List.of(options));
        var out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        var surroundings =
                new Session.Surroundings(_ -> new Node(), InstantSource.system(), () -> Duration.ZERO, Thread::sleep);
        return new Cli(List.of(), surroundings)
                .run(words, Map.of(), new Session.Streams(InputStream.nullInputStream(), out, out, false));
    }

    @Test
    void whatDiffersIsPrintedAndTheStatusSaysSo() {
        assertThat(run()).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo(TABLE);
    }

    @Test
    void fixPrintsWhatItMended() {
        assertThat(run("--fix")).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .isEqualTo("Mended:\n" + TABLE + "The networks of 2 nodes are as wanted.\n");
    }

    @Test
    void jsonIsOneDifferencePerLineAndNothingElse() {
        assertThat(run("--format", "json")).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo("""
                {"Found":"missing","Mended":"false","Node":"m2","NodeID":"b2","Wanted":"present",\
                "What":"interface ingress0","Where":"node"}
                """);
    }

    @Test
    void aNodeThatCannotBeAskedIsNamedWithTheReasonAndTheStatusSaysSo() {
        state = NODES.formatted("swarm", "it is down: heartbeat failure", "", "");
        assertThat(run()).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .isEqualTo("node m2 could not be asked: it is down: heartbeat failure\n");
    }

    @Test
    void whatANodeCannotDoIsTold() {
        state = NODES.formatted("swarm", "", "", "\"a firewall drops\"");
        assertThat(run()).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo("node m2: a firewall drops\n");
    }

    @Test
    void aWorkerSaysThatItLookedAtItselfOnly() {
        state = """
                {"Scope":"node","Nodes":[{"ID":"a1","Hostname":"m1","Error":"","Differences":[],"Problems":[]}]}""";
        assertThat(run()).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("looked at its own networks only")
                .endsWith("The networks of m1 are as wanted.\n");
    }

    @Test
    void onlyTheNodesThatAreNamedAreAsked() {
        run("--node", "m1", "--node", "m2");
        assertThat(asked)
                .anySatisfy(path -> assertThat(path).endsWith("?filters={\"node\":{\"m1\":true,\"m2\":true}}"));
    }
}
