package io.panal.node.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class HttpServerTest {
    private static final Limits SMALL =
            new Limits(1024, 2048, 1000, 8, Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofSeconds(20));

    @TempDir
    Path folder;

    private final CountDownLatch interrupted = new CountDownLatch(1);
    private HttpServer server;
    private Path socket;

    @BeforeEach
    void start() throws IOException {
        socket = folder.resolve("api.sock");
        server = new HttpServer(router(), SMALL, Map.of("Api-Version", "1.47", "Ostype", "linux"));
        server.listenUnix(socket);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Router router() {
        return new Router(Router::notFound)
                .on("GET", "/hello", call -> call.exchange().respond(200, "text/plain", "hello".getBytes(UTF_8)))
                .on(
                        "GET",
                        "/images/{name...}/json",
                        call -> call.exchange()
                                .respond(200, "text/plain", (call.version() + " " + call.name("name")).getBytes(UTF_8)))
                .on(
                        "POST",
                        "/echo",
                        call -> call.exchange()
                                .respond(200, "text/plain", call.exchange().bodyBytes()))
                .on("POST", "/count", call -> call.exchange().respond(200, "text/plain", count(call)))
                .on("GET", "/broken", _ -> {
                    throw new IllegalStateException("a bug");
                })
                .on("GET", "/events", call -> {
                    try (OutputStream out = call.exchange().stream(200, Exchange.JSON)) {
                        for (int i = 0; i < 3; i++) {
                            out.write("{}\n".getBytes(UTF_8));
                            out.flush();
                        }
                    }
                })
                .on("GET", "/wait", _ -> awaitInterrupt())
                .on("POST", "/attach", call -> {
                    try (Duplex duplex = call.exchange().upgrade("application/vnd.docker.raw-stream")) {
                        byte[] sent = duplex.input().readAllBytes();
                        duplex.output().write(("got " + sent.length + " bytes, then the end").getBytes(UTF_8));
                    }
                });
    }

    private static byte[] count(Call call) throws IOException {
        return String.valueOf(call.exchange().body().transferTo(OutputStream.nullOutputStream()))
                .getBytes(UTF_8);
    }

    private void awaitInterrupt() {
        try {
            boolean _ = new CountDownLatch(1).await(1, TimeUnit.MINUTES);
        } catch (InterruptedException expected) {
            interrupted.countDown();
            Thread.currentThread().interrupt();
        }
    }

    private String talk(String request) throws IOException {
        try (var channel = open()) {
            Channels.newOutputStream(channel).write(request.getBytes(UTF_8));
            return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
        }
    }

    private SocketChannel open() throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        return channel;
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    }

    private static String post(String path, String body) {
        return "POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(path, body.length(), body);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /hello                          | 200 | hello
            /v1.47/hello                    | 200 | hello
            http://node/hello               | 200 | hello
            /v1.41/images/a/b:1/json        | 200 | 1.41 a/b:1
            /images/a%2Fb:1/json            | 200 | 1.47 a/b:1
            /images//json                   | 404 | {"message":"page not found"}
            /nothing                        | 404 | {"message":"page not found"}
            /echo                           | 404 | {"message":"page not found"}
            /v1.99/hello                    | 400 | {"message":"client version 1.99 is too new. Maximum supported API version is 1.47"}
            /v1.5/hello                     | 400 | {"message":"client version 1.5 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version"}
            /broken                         | 500 | {"message":"internal error, see the daemon's log: IllegalStateException"}
            """, quoteCharacter = '`')
    void answersByPathAndVersion(String path, int status, String body) throws IOException {
        String answer = talk(get(path));

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("Api-Version: 1.47");
        assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4).strip()).isEqualTo(body);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NONSENSE                                                                | 400
            GET / HTTP/9.x                                                          | 400
            GET /hello HTTP/1.1~Host: x~Content-Length: 1~Content-Length: 2~~       | 400
            POST /echo HTTP/1.1~Host: x~Transfer-Encoding: chunked~~zz~             | 400
            """)
    void refusesWhatIsNotHttp(String request, int status) throws IOException {
        String answer = talk(request.replace("~", "\r\n") + "\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("{\"message\":\"");
    }

    @Test
    void refusesLongLinesAndHeaders() throws IOException {
        assertThat(talk(get("/" + "x".repeat(2000)))).startsWith("HTTP/1.1 414 ");
        assertThat(talk("GET / HTTP/1.1\r\nA: " + "x".repeat(3000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
    }

    @Test
    void refusesALargeJsonBodyWithoutReadingIt() throws IOException {
        assertThat(talk(post("/echo", "x".repeat(1000)))).startsWith("HTTP/1.1 200 ");
        assertThat(talk(post("/echo", "x".repeat(1001))))
                .startsWith("HTTP/1.1 413 ")
                .contains("the limit is 1000 bytes");
        String announced = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 104857600\r\n\r\n";
        try (var channel = open()) {
            Channels.newOutputStream(channel).write(announced.getBytes(UTF_8));
            assertThat(new String(Channels.newInputStream(channel).readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void streamsABodyOfAnySize() throws IOException {
        long total = 40L << 20;
        try (var channel = open()) {
            OutputStream out = Channels.newOutputStream(channel);
            out.write("POST /count HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
                    .formatted(total)
                    .getBytes(UTF_8));
            byte[] block = new byte[1 << 20];
            for (int i = 0; i < total >> 20; i++) {
                out.write(block);
            }
            assertThat(new String(Channels.newInputStream(channel).readAllBytes(), UTF_8))
                    .endsWith("\r\n\r\n" + total);
        }
    }

    @Test
    void aSlowClientIsRefused() throws IOException {
        assertThat(talk("GET /hel")).startsWith("HTTP/1.1 408 ");
        assertThat(talk("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"))
                .startsWith("HTTP/1.1 408 ");
    }

    @Test
    void sendsEachEventInAChunkOfItsOwn() throws IOException {
        assertThat(talk(get("/events")))
                .containsIgnoringCase("transfer-encoding: chunked")
                .endsWith("\r\n\r\n3\r\n{}\n\r\n3\r\n{}\n\r\n3\r\n{}\n\r\n0\r\n\r\n");
    }

    @Test
    void asksForOptionsAreAnsweredWithNothing() throws IOException {
        assertThat(talk(get("/hello").replace("GET", "OPTIONS")))
                .startsWith("HTTP/1.1 200 ")
                .contains("content-length: 0");
    }

    @Test
    void servesSeveralRequestsOnOneConnection() throws IOException {
        String two = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n" + post("/echo", "one");
        assertThat(talk(two)).contains("hello").endsWith("one");
        assertThat(talk(two.replace("/echo", "/nothing"))).contains("hello").contains("page not found");
    }

    @Test
    void aClientThatLeavesInterruptsItsHandler() throws Exception {
        try (var channel = open()) {
            Channels.newOutputStream(channel).write(get("/wait").getBytes(UTF_8));
        }

        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @RepeatedTest(20)
    void anUpgradedStreamOutlivesTheEndOfItsInput() throws IOException {
        try (var channel = open()) {
            OutputStream out = Channels.newOutputStream(channel);
            InputStream in = Channels.newInputStream(channel);
            out.write(
                    ("POST /v1.47/attach HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}")
                            .getBytes(UTF_8));
            String head = readHead(in);
            assertThat(head).startsWith("HTTP/1.1 101 UPGRADED\r\n").contains("application/vnd.docker.raw-stream");
            for (int i = 0; i < 50; i++) {
                out.write(new byte[100_000]);
            }
            channel.shutdownOutput();

            assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("got 5000000 bytes, then the end");
        }
    }

    @RepeatedTest(200)
    void inputThatComesWithTheRequestIsNotLost() throws IOException {
        try (var channel = open()) {
            Channels.newOutputStream(channel)
                    .write(
                            ("POST /v1.47/attach HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}"
                                            + "x".repeat(1000))
                                    .getBytes(UTF_8));
            channel.shutdownOutput();
            InputStream in = Channels.newInputStream(channel);

            assertThat(readHead(in)).startsWith("HTTP/1.1 101 UPGRADED\r\n");
            assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("got 1000 bytes, then the end");
        }
    }

    private static String readHead(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.read());
        }
        return head.toString();
    }

    @Test
    void aSecondServerDoesNotTakeTheSocketAway() throws IOException {
        try (var second = new HttpServer(router(), SMALL, Map.of())) {
            assertThatThrownBy(() -> second.listenUnix(socket)).hasMessageContaining("another daemon listens on");
        }
        assertThat(talk(get("/hello"))).contains("hello");
    }
}
