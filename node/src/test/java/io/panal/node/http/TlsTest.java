package io.panal.node.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TlsTest {
    private static final char[] NO_PASSWORD = new char[0];

    @TempDir
    Path folder;

    private Signed authority;
    private HttpServer server;
    private InetSocketAddress address;

    private record Signed(X509Certificate certificate, KeyPair keys) {}

    @BeforeEach
    void start() throws Exception {
        authority = signed("authority", Optional.empty());
        Signed own = signed("server", Optional.of(authority));
        var tls = new Tls(
                pem("ca.pem", "CERTIFICATE", authority.certificate().getEncoded()),
                pem("server.pem", "CERTIFICATE", own.certificate().getEncoded()),
                pem("key.pem", "PRIVATE KEY", own.keys().getPrivate().getEncoded()));
        var router = new Router(Router::notFound)
                .on("GET", "/hello", call -> call.exchange().respond(200, "text/plain", "hello".getBytes(UTF_8)))
                .on("POST", "/attach", call -> {
                    try (Duplex duplex = call.exchange().upgrade("application/vnd.docker.raw-stream")) {
                        int count = duplex.input().readAllBytes().length;
                        duplex.output().write(("got " + count).getBytes(UTF_8));
                    }
                });
        server = new HttpServer(router, Limits.standard(), Map.of());
        address = server.listenTls(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), tls);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static Signed signed(String name, Optional<Signed> issuer) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair keys = generator.generateKeyPair();
        KeyPair signing = issuer.map(Signed::keys).orElse(keys);
        Instant now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                issuer.map(own -> own.certificate().getSubjectX500Principal()).orElse(new X500Principal("CN=" + name)),
                BigInteger.valueOf(now.toEpochMilli()),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(Duration.ofHours(1))),
                new X500Principal("CN=" + name),
                keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(issuer.isEmpty()));
        var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(signing.getPrivate());
        return new Signed(new JcaX509CertificateConverter().getCertificate(builder.build(signer)), keys);
    }

    private Path pem(String file, String kind, byte[] bytes) throws IOException {
        var text = new StringWriter();
        text.write("-----BEGIN " + kind + "-----\n");
        text.write(Base64.getMimeEncoder(64, "\n".getBytes(UTF_8)).encodeToString(bytes));
        text.write("\n-----END " + kind + "-----\n");
        return Files.writeString(folder.resolve(file), text.toString());
    }

    private SSLSocket connect(Optional<Signed> own) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", authority.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        if (own.isPresent()) {
            keys.setKeyEntry("own", own.get().keys().getPrivate(), NO_PASSWORD, new X509Certificate[] {
                own.get().certificate()
            });
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, NO_PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(address.getAddress(), address.getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    @Test
    void aClientOfTheAuthorityIsServed() throws Exception {
        try (SSLSocket socket = connect(Optional.of(signed("client", Optional.of(authority))))) {
            socket.getOutputStream()
                    .write("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(UTF_8));
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .endsWith("hello");
        }
    }

    @Test
    void aClientWithoutACertificateOrWithAStrangersIsRefused() throws Exception {
        Signed stranger = signed("stranger", Optional.of(signed("other authority", Optional.empty())));
        for (Optional<Signed> own : List.of(Optional.<Signed>empty(), Optional.of(stranger))) {
            try (SSLSocket socket = connect(own)) {
                assertThatThrownBy(() -> {
                            socket.getOutputStream().write("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
                            if (socket.getInputStream().read() < 0) {
                                throw new IOException("closed");
                            }
                        })
                        .isInstanceOf(IOException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /_ping", "HEAD /_ping", "POST /v1.41/swarm/init", "DELETE /v1.41/services/a"})
    void whoSpeaksPlainHttpIsToldToUseTls(String request) throws Exception {
        try (var socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(20_000);
            // In two pieces, as a slow network may bring it.
            socket.getOutputStream().write(request.substring(0, 3).getBytes(UTF_8));
            socket.getOutputStream().write((request.substring(3) + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(UTF_8));

            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .isEqualTo("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n");
        }
    }

    @Test
    void anUpgradedStreamOutlivesTheEndOfItsInput() throws Exception {
        try (SSLSocket socket = connect(Optional.of(signed("client", Optional.of(authority))))) {
            socket.getOutputStream()
                    .write("POST /attach HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
                            .getBytes(UTF_8));
            InputStream in = socket.getInputStream();
            var head = new StringBuilder();
            while (!head.toString().endsWith("\r\n\r\n")) {
                head.append((char) in.read());
            }
            socket.getOutputStream().write(new byte[2_000_000]);
            socket.shutdownOutput();

            assertThat(head.toString()).startsWith("HTTP/1.1 101 UPGRADED");
            assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("got 2000000");
        }
    }
}
