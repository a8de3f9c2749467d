package io.panal.images.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.images.MemoryContent;
import io.panal.images.SampleImage;
import io.panal.images.client.Credentials;
import io.panal.images.client.RegistryClient;
import io.panal.images.debian.DebianTool;
import io.panal.images.manifest.Manifest;
import io.panal.images.manifest.MediaType;
import io.panal.images.reference.Digest;
import io.panal.images.reference.Reference;
import io.panal.images.transfer.Puller;
import io.panal.images.transfer.Pusher;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryServerTest {
    private static final InetSocketAddress ANYWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final RegistryClient client = new RegistryClient("panal-test");
    private RegistryServer server;
    private String base;

    @BeforeEach
    void serve() throws Exception {
        server = RegistryServer.start(ANYWHERE, directory.resolve("storage"));
        base = "http://127.0.0.1:" + server.address().getPort();
    }

    @AfterEach
    void end() {
        client.close();
        http.close();
        server.close();
    }

    @Test
    void skopeoTakesAnImageOutAndBringsItBackUnchanged() throws Exception {
        MemoryContent here = new MemoryContent();
        Manifest.Image image = SampleImage.in(here, 11, MediaType.OCI_LAYER_ZSTD, 1_000_000, 20);
        push(here, image, "a/web:1");
        String out = "oci:" + directory.resolve("out") + ":web";
        skopeo("copy", "--src-tls-verify=false", docker("a/web:1"), out);
        skopeo("copy", "--dest-tls-verify=false", out, docker("b/web:2"));
        skopeo("copy", "--src-tls-verify=false", "--dest-tls-verify=false", docker("a/web:1"), docker("c/web:3"));
        MemoryContent there = new MemoryContent();
        for (String name : List.of("b/web:2", "c/web:3")) {
            Puller.Order order = new Puller.Order(reference(name), Credentials.anonymous());
            assertThat(new Puller(client, there).pull(order, _ -> {}).target().digest())
                    .isEqualTo(image.descriptor().digest());
        }
        assertThat(there.blobs.keySet()).isEqualTo(here.blobs.keySet());
        assertThat(skopeo("list-tags", "--tls-verify=false", docker("b/web"))).contains("\"2\"");
    }

    private String docker(String name) {
        return "docker://127.0.0.1:" + server.address().getPort() + "/" + name;
    }

    private static String skopeo(String... arguments) throws Exception {
        Process process = DebianTool.process("skopeo", arguments).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    @Test
    void anUploadThatAKilledServerHalfHadIsTakenUpAgain() throws Exception {
        byte[] blob = random(3_000_000);
        Digest digest = Digest.of(blob);
        Path storage = directory.resolve("killed");
        Process first = fork(storage);
        String location = begin(first, "web");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(first))) {
            socket.getOutputStream()
                    .write("PATCH %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
                            .formatted(location, blob.length)
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(blob, 0, 1_000_000);
            socket.getOutputStream().flush();
            Path file = storage.resolve("uploads").resolve(location.substring(location.lastIndexOf('/') + 1));
            Instant deadline = Instant.now().plusSeconds(10);
            while (Files.size(file) < 1_000_000) {
                assertThat(Instant.now()).isBefore(deadline);
                LockSupport.parkNanos(2_000_000);
            }
            first.destroyForcibly().waitFor();
        }
        Process second = fork(storage);
        String root = "http://127.0.0.1:" + port(second);
        assertThat(send("GET", root + "/v2/web/blobs/" + digest).statusCode()).isEqualTo(404);
        HttpResponse<byte[]> status = send("GET", root + location);
        assertThat(status.statusCode()).isEqualTo(204);
        assertThat(status.headers().firstValue("Range")).contains("0-999999");
        byte[] rest = Arrays.copyOfRange(blob, 1_000_000, blob.length);
        Map<String, String> wrong = Map.of("Content-Range", "900000-2899999");
        assertThat(send("PATCH", root + location, rest, wrong).statusCode()).isEqualTo(416);
        Map<String, String> right = Map.of("Content-Range", "1000000-2999999");
        assertThat(send("PATCH", root + location, rest, right).statusCode()).isEqualTo(202);
        assertThat(send("PUT", root + location + "?digest=" + digest).statusCode())
                .isEqualTo(201);
        assertThat(send("GET", root + "/v2/web/blobs/" + digest).body()).isEqualTo(blob);
        second.destroyForcibly().waitFor();
    }

    private String begin(Process process, String name) throws Exception {
        String url = "http://127.0.0.1:" + port(process) + "/v2/" + name + "/blobs/uploads/";
        return send("POST", url).headers().firstValue("Location").orElseThrow();
    }

    private final Map<Process, Integer> ports = new HashMap<>();

    private int port(Process process) {
        return Objects.requireNonNull(ports.get(process));
    }

    private Process fork(Path storage) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = System.getProperty("java.class.path");
        Process process = new ProcessBuilder(java, "-cp", classes, ServerProgram.class.getName(), storage.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        ports.put(process, Integer.parseInt(lines.readLine()));
        return process;
    }

    @Test
    void whatIsNotWhatItsDigestSaysIsRefusedAndLeavesNothing() throws Exception {
        byte[] blob = random(1000);
        Digest other = Digest.of("other");
        String location = send("POST", base + "/v2/web/blobs/uploads/")
                .headers()
                .firstValue("Location")
                .orElseThrow();
        HttpResponse<byte[]> answer = send("PUT", base + location + "?digest=" + other, blob, Map.of());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(text(answer)).contains("DIGEST_INVALID");
        assertThat(send("HEAD", base + "/v2/web/blobs/" + other).statusCode()).isEqualTo(404);
        try (Stream<Path> files = Files.walk(directory.resolve("storage"))) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void aBlobComesWholeInOneRequestAndGoesInParts() throws Exception {
        byte[] blob = random(100_000);
        String digest = Digest.of(blob).toString();
        assertThat(send("POST", base + "/v2/a/b/blobs/uploads/?digest=" + digest, blob, Map.of())
                        .statusCode())
                .isEqualTo(201);
        String url = base + "/v2/a/b/blobs/" + digest;
        HttpResponse<byte[]> part = send("GET", url, new byte[0], Map.of("Range", "bytes=10-19"));
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(blob, 10, 20));
        assertThat(part.headers().firstValue("Content-Range")).contains("bytes 10-19/100000");
        assertThat(send("GET", url, new byte[0], Map.of("Range", "bytes=-5")).body())
                .hasSize(5);
        assertThat(send("GET", url, new byte[0], Map.of("Range", "bytes=100000-"))
                        .statusCode())
                .isEqualTo(416);
        HttpResponse<byte[]> head = send("HEAD", url);
        assertThat(head.headers().firstValue("Content-Length")).contains("100000");
        assertThat(head.headers().firstValue("Docker-Content-Digest")).contains(digest);
        assertThat(send("DELETE", url).statusCode()).isEqualTo(202);
        assertThat(send("GET", url).statusCode()).isEqualTo(404);
    }

    @Test
    void aManifestWhosePartsAreNotHereIsRefused() throws Exception {
        MemoryContent here = new MemoryContent();
        Manifest.Image image = SampleImage.in(here, 12, MediaType.OCI_LAYER_GZIP, 100);
        HttpResponse<byte[]> answer = send(
                "PUT",
                base + "/v2/web/manifests/1",
                image.bytes().toArray(),
                Map.of("Content-Type", MediaType.OCI_MANIFEST));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(text(answer)).contains("MANIFEST_BLOB_UNKNOWN");
        assertThat(text(send("PUT", base + "/v2/web/manifests/1", new byte[] {'{'}, Map.of())))
                .contains("MANIFEST_INVALID");
        assertThat(text(send("GET", base + "/v2/web/manifests/1"))).contains("MANIFEST_UNKNOWN");
    }

    @Test
    void attachmentsAreListedWithWhatTheyBelongTo() throws Exception {
        MemoryContent here = new MemoryContent();
        Manifest.Image image = SampleImage.in(here, 13, MediaType.OCI_LAYER_GZIP, 100);
        push(here, image, "web:1");
        Map<String, Object> config = SampleImage.json(image.config());
        Manifest signature = SampleImage.manifest(
                here,
                Map.of(
                        "schemaVersion",
                        2,
                        "mediaType",
                        MediaType.OCI_MANIFEST,
                        "artifactType",
                        "application/x.signature",
                        "config",
                        config,
                        "layers",
                        List.of(),
                        "subject",
                        SampleImage.json(image.descriptor())));
        String url = base + "/v2/web/manifests/" + signature.descriptor().digest();
        HttpResponse<byte[]> put =
                send("PUT", url, signature.bytes().toArray(), Map.of("Content-Type", MediaType.OCI_MANIFEST));
        assertThat(put.headers().firstValue("OCI-Subject"))
                .contains(image.descriptor().digest().toString());
        String referrers = base + "/v2/web/referrers/" + image.descriptor().digest();
        assertThat(text(send("GET", referrers)))
                .contains(signature.descriptor().digest().toString(), "application/x.signature");
        assertThat(text(send("GET", referrers + "?artifactType=other"))).contains("\"manifests\":[]");
    }

    @Test
    void aManifestGoesWithItsTagsAndATagGoesAlone() throws Exception {
        MemoryContent here = new MemoryContent();
        Manifest.Image image = SampleImage.in(here, 14, MediaType.OCI_LAYER_GZIP, 100);
        push(here, image, "web:1");
        push(here, image, "web:2");
        push(here, image, "web:3");
        assertThat(send("DELETE", base + "/v2/web/manifests/1").statusCode()).isEqualTo(202);
        assertThat(text(send("GET", base + "/v2/web/tags/list?n=1"))).contains("[\"2\"]");
        assertThat(send("GET", base + "/v2/web/tags/list?n=1").headers().firstValue("Link"))
                .contains("</v2/web/tags/list?last=2&n=1>; rel=\"next\"");
        String url = base + "/v2/web/manifests/" + image.descriptor().digest();
        assertThat(send("DELETE", url).statusCode()).isEqualTo(202);
        assertThat(send("GET", url).statusCode()).isEqualTo(404);
        assertThat(text(send("GET", base + "/v2/web/tags/list"))).contains("\"tags\":[]");
        assertThat(text(send("GET", base + "/v2/_catalog"))).contains("\"repositories\":[]");
    }

    /// Docker's daemon sends so: a read of the socket then brings the head of a chunk and nothing of its content.
    @Test
    void aChunksHeadMayComeAlone() throws Exception {
        byte[] blob = random(200_000);
        String location = send("POST", base + "/v2/web/blobs/uploads/")
                .headers()
                .firstValue("Location")
                .orElseThrow();
        try (Socket socket = connected()) {
            OutputStream out = socket.getOutputStream();
            out.write(ascii("PATCH " + location + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"));
            for (int from = 0; from < blob.length; from += 50_000) {
                out.write(ascii("c350\r\n"));
                untilTaken(location, from);
                out.write(blob, from, 50_000);
                untilTaken(location, from + 50_000);
                out.write(ascii("\r\n"));
            }
            out.write(ascii("0\r\n\r\n"));
            assertThat(firstLine(socket)).isEqualTo("HTTP/1.1 202 Accepted");
        }
        String url = base + location + "?digest=" + Digest.of(blob);
        assertThat(send("PUT", url).statusCode()).isEqualTo(201);
    }

    private void untilTaken(String location, long bytes) throws Exception {
        Path file = directory.resolve("storage/uploads").resolve(location.substring(location.lastIndexOf('/') + 1));
        Instant deadline = Instant.now().plusSeconds(10);
        while (Files.size(file) < bytes) {
            assertThat(Instant.now()).isBefore(deadline);
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Test
    void requestsThatComeTogetherAreAnsweredInTheirOrder() throws Exception {
        try (Socket socket = connected()) {
            socket.getOutputStream()
                    .write(ascii("GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\nGET /v1 HTTP/1.1\r\nHost: x\r\n\r\n"
                            + "POST /v2/web/blobs/uploads/ HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
                            + "GET /v2/_catalog HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
            String said = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(Pattern.compile("HTTP/1.1 (\\d+)")
                            .matcher(said)
                            .results()
                            .map(match -> match.group(1)))
                    .containsExactly("200", "404", "202", "200");
        }
    }

    private Socket connected() throws Exception {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String firstLine(Socket socket) throws Exception {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
    }

    @Test
    void nonsenseIsAnsweredAndTheServerStays() throws Exception {
        assertThat(send("GET", base + "/v2/..%2f..%2fetc/tags/list").statusCode())
                .isEqualTo(400);
        assertThat(send("GET", base + "/v2/_blobs/tags/list").statusCode()).isEqualTo(400);
        assertThat(send("GET", base + "/v2/web/blobs/sha256:..").statusCode()).isEqualTo(400);
        assertThat(send("GET", base + "/v2/web/blobs/uploads/..").statusCode()).isEqualTo(404);
        assertThat(send("POST", base + "/v2/web/tags/list").statusCode()).isEqualTo(405);
        assertThat(send("GET", base + "/v1/x").statusCode()).isEqualTo(404);
        assertThat(send("PUT", base + "/v2/web/manifests/1", new byte[5 << 20], Map.of())
                        .statusCode())
                .isEqualTo(413);
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
            socket.getOutputStream().write("\u0016\u0003\u0001\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            String said = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(said).startsWith("HTTP/1.1 400");
        }
        assertThat(send("GET", base + "/v2/").statusCode()).isEqualTo(200);
    }

    private void push(MemoryContent from, Manifest image, String name) throws Exception {
        new Pusher(client, from)
                .push(new Pusher.Order(reference(name), image.descriptor(), Credentials.anonymous()), _ -> {});
    }

    private Reference reference(String name) throws Exception {
        return Reference.parse("127.0.0.1:" + server.address().getPort() + "/" + name);
    }

    private HttpResponse<byte[]> send(String method, String url) throws Exception {
        return send(method, url, new byte[0], Map.of());
    }

    private HttpResponse<byte[]> send(String method, String url, byte[] body, Map<String, String> headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /// A server in a process of its own, to be killed.
    static final class ServerProgram {
        private ServerProgram() {}

        public static void main(String[] arguments) throws Exception {
            RegistryServer server = RegistryServer.start(ANYWHERE, Path.of(arguments[0]));
            System.out.println(server.address().getPort());
            System.in.read();
        }
    }
}
