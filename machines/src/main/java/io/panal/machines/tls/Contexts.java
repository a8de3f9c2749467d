package io.panal.machines.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// TLS with PEM files: trusts one authority and shows one certificate.
final class Contexts {
    /// Holds keys in memory only. PKCS12, the default, would derive a key in ten thousand rounds to encrypt the private
    /// key with, which takes longer than the handshake.
    private static final String STORE = "JKS";

    private Contexts() {}

    /// @param directory holds `ca.pem` and the two files named
    static SSLContext of(Path directory, String certificate, String key) throws IOException {
        try {
            var trusted = KeyStore.getInstance(STORE);
            trusted.load(null, null);
            trusted.setCertificateEntry("ca", Authority.certificate(directory.resolve("ca.pem")));
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            var own = KeyStore.getInstance(STORE);
            own.load(null, null);
            var chain = new Certificate[] {Authority.certificate(directory.resolve(certificate))};
            own.setKeyEntry("own", Authority.privateKey(directory.resolve(key)), new char[0], chain);
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, new char[0]);
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException broken) {
            throw new IOException(
                    "the certificates in %s cannot be used: %s".formatted(directory, broken.getMessage()), broken);
        }
    }
}
