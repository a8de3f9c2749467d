package io.panal.cli.client;

import io.panal.machines.tls.Handshake;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Encrypts a connection with the client's certificate and the authority it trusts, all in PEM files.
final class TlsSockets {
    /// In memory only. PKCS12, the default, would encrypt the key in ten thousand rounds, longer than the handshake.
    private static final String STORE = "JKS";

    private static final char[] NO_PASSWORD = new char[0];

    private TlsSockets() {}

    static Socket over(Socket plain, Endpoint.Place.Tcp address, Endpoint.Tls tls) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(tls), trust(tls), new SecureRandom());
            return tls.verify()
                    ? Handshake.with(context, plain, address.host())
                    : Handshake.withAnyone(context, plain, address.host());
        } catch (GeneralSecurityException unusable) {
            throw new UnreachableException(
                    "Failed to initialize: could not use the TLS files: " + unusable.getMessage());
        }
    }

    private static KeyManager @Nullable [] keys(Endpoint.Tls tls) throws GeneralSecurityException, IOException {
        boolean isGiven = Files.exists(tls.certificate()) && Files.exists(tls.key());
        if (!isGiven) {
            return null;
        }
        KeyStore store = KeyStore.getInstance(STORE);
        store.load(null, NO_PASSWORD);
        store.setKeyEntry(
                "client",
                PemKeys.read(Files.readString(tls.key())),
                NO_PASSWORD,
                certificates(tls.certificate()).toArray(new Certificate[0]));
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static TrustManager @Nullable [] trust(Endpoint.Tls tls) throws GeneralSecurityException, IOException {
        if (!tls.verify()) {
            return new TrustManager[] {new Anyone()};
        }
        if (!Files.exists(tls.authority())) {
            throw new UnreachableException("Failed to initialize: unable to resolve docker endpoint: open "
                    + tls.authority() + ": no such file or directory");
        }
        KeyStore store = KeyStore.getInstance(STORE);
        store.load(null, NO_PASSWORD);
        int count = 0;
        for (Certificate authority : certificates(tls.authority())) {
            store.setCertificateEntry("authority" + count++, authority);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
    }

    /// What `--tls` without `--tlsverify` asks for: encryption to whoever answers.
    private static final class Anyone extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
