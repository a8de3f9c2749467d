package io.panal.images.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.panal.images.MemoryContent;
import io.panal.images.SampleImage;
import io.panal.images.client.Credentials.IdentityToken;
import io.panal.images.client.Credentials.Password;
import io.panal.images.debian.DebianTool;
import io.panal.images.manifest.Manifest;
import io.panal.images.manifest.MediaType;
import io.panal.images.reference.Reference;
import io.panal.images.transfer.Puller;
import io.panal.images.transfer.Pusher;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Held against Debian's docker-registry, which checks for itself.
class LoginTest {
    private static final String HTPASSWD = "ann:$2y$04$3hsC07e8HXeObOMhtpEtnOEScl6ssc3JbhmPFV4cqrZ59ah1JSLka\n";
    private static final Password ANN = new Password("ann", "s3cret");

    @TempDir
    Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final RegistryClient client = new RegistryClient("panal-test");

    @AfterEach
    void end() throws Exception {
        client.close();
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    @Test
    void aPasswordOpensARegistryWithBasicLogin() throws Exception {
        Path users = Files.writeString(directory.resolve("htpasswd"), HTPASSWD);
        String host = registry("""
                auth:
                  htpasswd: {realm: tests, path: %s}
                """.formatted(users));
        roundTrip(Reference.parse(host + "/a/web:1"), ANN);
        assertThatThrownBy(() -> client.ping(host, new Password("ann", "wrong")))
                .isInstanceOfSatisfying(
                        RegistryException.class, no -> assertThat(no.status()).isEqualTo(401))
                .hasMessage("Get \"http://%s/v2/\": unauthorized: authentication required".formatted(host));
        Puller puller = new Puller(client, new MemoryContent());
        Puller.Order order = new Puller.Order(Reference.parse(host + "/a/web:1"), Credentials.anonymous());
        assertThatThrownBy(() -> puller.pull(order, _ -> {}))
                .hasMessage("Head \"http://%s/v2/a/web/manifests/1\": no basic auth credentials".formatted(host));
    }

    @Test
    void layersAreTakenOverFromAnotherRepositoryUnderOneToken() throws Exception {
        TokenServer tokens = new TokenServer();
        open.add(tokens);
        Path key = Files.writeString(directory.resolve("certificate.pem"), tokens.certificate(directory));
        String host = registry("""
                auth:
                  token: {realm: "%s", service: tests, issuer: tests, rootcertbundle: %s}
                """.formatted(tokens.url(), key));
        Reference first = Reference.parse(host + "/a/web:1");
        MemoryContent here = new MemoryContent();
        Manifest.Image image = SampleImage.in(here, 8, MediaType.OCI_LAYER_GZIP, 50_000);
        new Pusher(client, here).push(new Pusher.Order(first, image.descriptor(), ANN), _ -> {});
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        Pusher.Order second = new Pusher.Order(
                Reference.parse(host + "/b/web:1"), image.descriptor(), ANN, Optional.of(first.untagged()));
        new Pusher(client, here).push(second, line -> lines.add(line.status()));
        assertThat(lines).contains("Mounted from a/web").doesNotContain("Pushed");
    }

    @Test
    void aTokenServersTokensOpenARegistryForWhatTheyNameOnly() throws Exception {
        TokenServer tokens = new TokenServer();
        open.add(tokens);
        Path key = Files.writeString(directory.resolve("certificate.pem"), tokens.certificate(directory));
        String host = registry("""
                auth:
                  token: {realm: "%s", service: tests, issuer: tests, rootcertbundle: %s}
                """.formatted(tokens.url(), key));
        Reference name = Reference.parse(host + "/a/web:1");
        roundTrip(name, ANN);
        assertThat(tokens.scopes).contains("repository:a/web:pull,push").contains("repository:a/web:pull");
        Puller puller = new Puller(client, new MemoryContent());
        puller.pull(new Puller.Order(name, new IdentityToken("ann", "refresh")), _ -> {});
        assertThatThrownBy(() -> puller.pull(new Puller.Order(name, new Password("ann", "wrong")), _ -> {}))
                .hasMessage("Head \"http://%s/v2/a/web/manifests/1\": unauthorized: incorrect username or password"
                        .formatted(host));
        assertThatThrownBy(() -> puller.pull(new Puller.Order(name, Credentials.anonymous()), _ -> {}))
                .isInstanceOfSatisfying(
                        RegistryException.class, no -> assertThat(no.status()).isEqualTo(404))
                .hasMessage("pull access denied for %s/a/web, repository does not exist or may require 'docker login': "
                                .formatted(host)
                        + "denied: requested access to the resource is denied");
    }

    private void roundTrip(Reference name, Credentials credentials) throws Exception {
        MemoryContent here = new MemoryContent();
        Manifest.Image image = SampleImage.in(here, 7, MediaType.OCI_LAYER_ZSTD, 2_000_000, 30_000);
        new Pusher(client, here).push(new Pusher.Order(name, image.descriptor(), credentials), _ -> {});
        MemoryContent there = new MemoryContent();
        new Puller(client, there).pull(new Puller.Order(name, credentials), _ -> {});
        assertThat(there.blobs.keySet()).isEqualTo(here.blobs.keySet());
    }

    private String registry(String authentication) throws Exception {
        int port = freePort();
        Path file = Files.writeString(
                directory.resolve("registry.yml"), """
                version: 0.1
                log: {level: error}
                storage:
                  filesystem: {rootdirectory: %s}
                http: {addr: "127.0.0.1:%d"}
                %s""".formatted(directory.resolve("storage"), port, authentication));
        Process process = DebianTool.process("docker-registry", "serve", file.toString())
                .redirectOutput(directory.resolve("registry.log").toFile())
                .start();
        open.add(() -> process.destroyForcibly().waitFor());
        Instant deadline = Instant.now().plusSeconds(20);
        while (!answers(port)) {
            assertThat(process.isAlive() && Instant.now().isBefore(deadline))
                    .as(Files.readString(directory.resolve("registry.log")))
                    .isTrue();
            LockSupport.parkNanos(2_000_000);
        }
        return "127.0.0.1:" + port;
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /// Signs tokens after the distribution project's specification, for one user, and only for what was asked.
    private static final class TokenServer implements AutoCloseable {
        private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

        final List<String> scopes = Collections.synchronizedList(new ArrayList<>());
        private final KeyPair keys;
        private final HttpServer server;
        private Path certificate = Path.of("");

        TokenServer() throws Exception {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            keys = generator.generateKeyPair();
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/token", this::answer);
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
        }

        /// A self-signed certificate of the signing key, which the registry trusts.
        String certificate(Path directory) throws Exception {
            Path key = directory.resolve("key.pem");
            String body = Base64.getMimeEncoder(64, new byte[] {'\n'})
                    .encodeToString(keys.getPrivate().getEncoded());
            Files.writeString(key, "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n");
            certificate = directory.resolve("token.pem");
            Process made = new ProcessBuilder(
                            "openssl",
                            "req",
                            "-x509",
                            "-key",
                            key.toString(),
                            "-subj",
                            "/CN=tests",
                            "-days",
                            "2",
                            "-out",
                            certificate.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(made.waitFor()).as(said).isZero();
            return Files.readString(certificate);
        }

        private void answer(HttpExchange exchange) throws IOException {
            try (exchange) {
                String form = exchange.getRequestMethod().equals("POST")
                        ? new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
                        : exchange.getRequestURI().getRawQuery();
                Map<String, String> fields = fields(form);
                String basic = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
                boolean isAnn = basic.equals(ANN.basic())
                        || fields.getOrDefault("refresh_token", "").equals("refresh");
                if (!isAnn && basic.startsWith("Basic")) {
                    exchange.sendResponseHeaders(401, -1);
                    return;
                }
                scopes.add(fields.getOrDefault("scope", ""));
                byte[] token = ("{\"token\":\"" + token(isAnn ? fields.getOrDefault("scope", "") : "") + "\"}")
                        .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, token.length);
                exchange.getResponseBody().write(token);
            }
        }

        private static Map<String, String> fields(String form) {
            Map<String, String> fields = new LinkedHashMap<>();
            for (String pair : form.split("&")) {
                int equals = pair.indexOf('=');
                String value = URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
                fields.merge(pair.substring(0, equals), value, (one, other) -> one + " " + other);
            }
            return fields;
        }

        private String token(String scope) {
            try {
                String chain = Files.readString(certificate)
                        .replaceAll("-----[A-Z ]+-----", "")
                        .replaceAll("\\s", "");
                String access = Stream.of(scope.split(" "))
                        .filter(one -> !one.isEmpty())
                        .map(one -> one.split(":"))
                        .map(parts -> "{\"type\":\"%s\",\"name\":\"%s\",\"actions\":[\"%s\"]}"
                                .formatted(parts[0], parts[1], parts[2].replace(",", "\",\"")))
                        .collect(Collectors.joining(","));
                long now = Instant.now().getEpochSecond();
                String claims =
                        "{\"iss\":\"tests\",\"sub\":\"ann\",\"aud\":\"tests\",\"exp\":%d,\"nbf\":%d,\"iat\":%d,\"access\":[%s]}"
                                .formatted(now + 60, now - 60, now, access);
                String head = "{\"typ\":\"JWT\",\"alg\":\"ES256\",\"x5c\":[\"" + chain + "\"]}";
                String signed = encoded(head) + "." + encoded(claims);
                Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
                signature.initSign(keys.getPrivate());
                signature.update(signed.getBytes(StandardCharsets.UTF_8));
                return signed + "." + BASE64.encodeToString(signature.sign());
            } catch (Exception bug) {
                throw new IllegalStateException("token not made", bug);
            }
        }

        private static String encoded(String text) {
            return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
