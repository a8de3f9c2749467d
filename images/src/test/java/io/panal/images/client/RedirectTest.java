package io.panal.images.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.panal.images.manifest.Descriptor;
import io.panal.images.reference.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RedirectTest {
    /// Public registries keep blobs elsewhere, where a login is not only useless but refused.
    @Test
    void aLoginDoesNotFollowToTheHostThatABlobLiesOn() throws Exception {
        AtomicReference<Optional<String>> shown = new AtomicReference<>();
        HttpServer elsewhere = server(exchange -> {
            shown.set(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")));
            String range = String.valueOf(exchange.getRequestHeaders().getFirst("Range"));
            byte[] answer = range.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(206, answer.length);
            exchange.getResponseBody().write(answer);
        });
        HttpServer registry = server(exchange -> {
            if (exchange.getRequestHeaders().getFirst("Authorization") == null) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"tests\"");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            exchange.getResponseHeaders()
                    .set(
                            "Location",
                            "http://127.0.0.1:" + elsewhere.getAddress().getPort() + "/blob");
            exchange.sendResponseHeaders(307, -1);
        });
        try (RegistryClient client = new RegistryClient("panal-test")) {
            Reference name =
                    Reference.parse("127.0.0.1:" + registry.getAddress().getPort() + "/web");
            Repository repository = client.repository(name, new Credentials.Password("ann", "s3cret"), Access.PULL);
            try (InputStream body = repository.blob(Descriptor.of("", new byte[100]), 7)) {
                assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("bytes=7-");
            }
            assertThat(shown.get()).isEmpty();
        } finally {
            registry.stop(0);
            elsewhere.stop(0);
        }
    }

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private static HttpServer server(Answer answer) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                answer.to(exchange);
            }
        });
        server.start();
        return server;
    }
}
