package io.panal.node.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Input of clients that do not wait for the answer to their request: both come in one packet.
@Timeout(120)
class EarlyInputTest {
    private static final Pattern EXEC = Pattern.compile("\"Id\":\"([0-9a-f]{64})\"");
    private static final int ROUNDS = 50;
    private static EngineHost host;

    @BeforeAll
    static void open() throws Exception {
        host = new EngineHost(new Alone(), (_, _, _) -> {});
        assertThat(answer(
                        post(
                                "/containers/create?name=cat",
                                "{\"Image\":\"busybox\",\"Cmd\":[\"cat\"],\"OpenStdin\":true,\"StdinOnce\":false}",
                                ""),
                        "}"))
                .contains("201 Created");
        host.docker.run("start", "cat");
    }

    @AfterAll
    static void close() throws IOException {
        host.close();
    }

    private static String post(String path, String body, String upgrade) {
        return "POST %s HTTP/1.1\r\nHost: docker\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(path, upgrade, body.length(), body);
    }

    /// Sends all in one write and reads until `expected` came, or the end.
    private static String answer(String sent, String expected) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(host.socket()))) {
            channel.write(ByteBuffer.wrap(sent.getBytes(UTF_8)));
            StringBuilder shown = new StringBuilder();
            ByteBuffer piece = ByteBuffer.allocate(1024);
            while (shown.indexOf(expected) < 0 && channel.read(piece.clear()) >= 0) {
                shown.append(UTF_8.decode(piece.flip()));
            }
            return shown.toString();
        }
    }

    @Test
    void reachesAContainerThatIsAttachedTo() throws Exception {
        String upgrade = "Connection: Upgrade\r\nUpgrade: tcp\r\n";
        String path = "/containers/cat/attach?stream=1&stdin=1&stdout=1";
        for (int i = 0; i < ROUNDS; i++) {
            String line = "line " + i + ".";

            assertThat(answer(post(path, "", i % 2 == 0 ? upgrade : "") + line + "\n", line))
                    .contains(line);
        }
    }

    @Test
    void reachesACommandThatIsStarted() throws Exception {
        String upgrade = "Connection: Upgrade\r\nUpgrade: tcp\r\n";
        for (int i = 0; i < ROUNDS; i++) {
            String asked = answer(
                    post(
                            "/containers/cat/exec",
                            "{\"AttachStdin\":true,\"AttachStdout\":true,\"Cmd\":[\"head\",\"-n\",\"1\"]}",
                            ""),
                    "}");
            Matcher id = EXEC.matcher(asked);
            assertThat(id.find()).as(asked).isTrue();
            String line = "line " + i + ".";

            assertThat(answer(
                            post("/exec/%s/start".formatted(id.group(1)), "{}", i % 2 == 0 ? upgrade : "") + line
                                    + "\n",
                            line))
                    .contains(line);
        }
    }
}
