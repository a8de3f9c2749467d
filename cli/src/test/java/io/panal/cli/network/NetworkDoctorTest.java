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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A node whose network differs in one thing, until it is told to mend it.
class NetworkDoctorTest {
    private static final String WELL = """
            {"Differences":[],"Problems":[]}""";
    private static final String BROKEN = """
            {"Differences":[{"Where":"node","What":"interface ingress0","Found":"missing"}],"Problems":[]}""";
    private static final String TABLE = """
            WHERE     WHAT                 FOUND
            node      interface ingress0   missing
            """;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private String state = BROKEN;

    private final class Node implements Transport {
        @Override
        public Response send(String method, String path, String headers, byte[] body) {
            String answer = path.endsWith("/_ping") ? "OK" : state;
            if (path.endsWith("/repair")) {
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
                .isEqualTo("Mended:\n" + TABLE + "The networks of this node are as wanted.\n");
    }
}
