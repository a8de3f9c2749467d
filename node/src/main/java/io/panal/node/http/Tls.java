package io.panal.node.http;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/// Files of a TLS socket, as docker's `--tlscacert`, `--tlscert` and `--tlskey`; a client without a certificate is
/// refused.
///
/// @param authority PEM of who signs the clients' certificates
/// @param certificate PEM of the server's certificate chain
/// @param key PEM (PKCS#8) of its key
public record Tls(Path authority, Path certificate, Path key) {
    SslContext context() throws SSLException {
        return SslContextBuilder.forServer(certificate.toFile(), key.toFile())
                // In memory only. PKCS12, the default, would encrypt the key in ten thousand rounds at each start.
                .keyStoreType("JKS")
                .sslProvider(SslProvider.JDK)
                .trustManager(authority.toFile())
                .clientAuth(ClientAuth.REQUIRE)
                .protocols("TLSv1.3", "TLSv1.2")
                .build();
    }
}
