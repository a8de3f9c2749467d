package io.panal.node.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What clients type into containers.
@Timeout(120)
class InputTest extends OnOneEngine {
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
