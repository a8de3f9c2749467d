package io.panal.machines;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// The least that a machine expects of its daemon: dockerd's flags, TLS with client certificates, an orderly end.
///
/// It counts its starts and its orderly ends in the data root, so that tests see what survived.
public final class StandInDaemon {
    private static final String INFO = """
            {"ServerVersion": "28.5.2", "Driver": null, "Swarm": {"LocalNodeState": "active", "ControlAvailable": true},
             "Warnings": ["WARNING: the disk is full"]}
            """;

    public static void main(String[] arguments) throws Exception {
        var flags = List.of(arguments);
        var data = Path.of(value(flags, "--data-root"));
        note(data.resolve("starts"), String.join(" ", flags));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> note(data.resolve("ends"), "end")));
        var context = context(
                Path.of(value(flags, "--tlscacert")),
                Path.of(value(flags, "--tlscert")),
                Path.of(value(flags, "--tlskey")));
        var server = HttpsServer.create(new InetSocketAddress(2376), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                var wanted = context.getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        server.createContext("/", exchange -> {
            var path = exchange.getRequestURI().getPath();
            var body = (path.equals("/info") ? INFO : "OK").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    private static void note(Path file, String line) {
        try {
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (java.io.IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private static SSLContext context(Path authority, Path certificate, Path key) throws Exception {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", certificate(authority));
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        var own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        var secret = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes(key)));
        own.setKeyEntry("server", secret, new char[0], new Certificate[] {certificate(certificate)});
        var keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, new char[0]);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static Certificate certificate(Path file) throws Exception {
        return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes(file)));
    }

    private static byte[] bytes(Path file) throws Exception {
        var body = Files.readString(file).replaceAll("-----[A-Z ]+-----", "");
        return Base64.getMimeDecoder().decode(body);
    }

    private static String value(List<String> flags, String name) {
        return flags.get(flags.indexOf(name) + 1);
    }

    private StandInDaemon() {}
}
