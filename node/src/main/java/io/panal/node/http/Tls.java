package io.panal.node.http;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.panal.node.identity.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Files of a TLS socket, as docker's `--tlscacert`, `--tlscert` and `--tlskey`; a client without a certificate is
/// refused.
///
/// @param authority PEM of who signs the clients' certificates
/// @param certificate PEM of the server's certificate chain
/// @param key PEM (PKCS#8) of its key
public record Tls(Path authority, Path certificate, Path key) {
    /// Of stores that are in memory only.
    private static final char[] NO_PASSWORD = {};

    /// Made by the JDK alone: Netty's builder tries itself on a sample key, and loads all of Bouncy Castle for it.
    ///
    /// @throws IOException when a file cannot be read, or does not hold what it should
    SslContext context() throws IOException {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(identity(), NO_PASSWORD);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return new JdkSslContext(
                    context,
                    false,
                    null,
                    IdentityCipherSuiteFilter.INSTANCE,
                    null,
                    ClientAuth.REQUIRE,
                    new String[] {"TLSv1.3", "TLSv1.2"},
                    false);
        } catch (GeneralSecurityException refused) {
            throw new IOException("the TLS files do not fit together: " + refused.getMessage(), refused);
        }
    }

    private KeyStore identity() throws IOException, GeneralSecurityException {
        KeyStore store = empty();
        X509Certificate[] chain = certificates(certificate).toArray(X509Certificate[]::new);
        store.setKeyEntry("server", Pem.key(Files.readString(key)), NO_PASSWORD, chain);
        return store;
    }

    private KeyStore authorities() throws IOException, GeneralSecurityException {
        KeyStore store = empty();
        for (X509Certificate trusted : certificates(authority)) {
            store.setCertificateEntry("authority-" + store.size(), trusted);
        }
        return store;
    }

    private static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> found = Pem.certificates(Files.readString(file));
        if (found.isEmpty()) {
            throw new IOException("no CERTIFICATE block in " + file);
        }
        return found;
    }

    /// PKCS12, the default, would encrypt the key in ten thousand rounds at each start.
    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("JKS");
        KeyStore.@Nullable LoadStoreParameter fresh = null;
        store.load(fresh);
        return store;
    }
}
