package io.panal.machines.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/// A client's handshake in a process that has just begun, where every step is still interpreted.
///
/// Three habits of the JDK's own would take two thirds of it: a key made for each family of curves, the table of a
/// curve made at its first use, and all of the world's authorities read to look at a host's name.
public final class Handshake {
    private static final String CURVE = "secp256r1";
    /// One family: the JDK offers a key of each family it is given.
    private static final String[] CURVES = {CURVE, "secp384r1", "secp521r1"};

    private Handshake() {}

    /// Has another thread make the table of the curve, which the handshake waits for; to be called before the
    /// certificates are read and the connection is made.
    public static void prepare() {
        Thread.ofPlatform().daemon().name("curve").start(Handshake::useCurve);
    }

    private static void useCurve() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE));
            generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has this curve", impossible);
        }
    }

    /// Encrypts a connection to whoever the context trusts, whatever its name.
    public static SSLSocket withAnyone(SSLContext context, Socket plain, String host) throws IOException {
        var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setNamedGroups(CURVES);
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /// Encrypts a connection to a server that shows a certificate for the host's name.
    ///
    /// @param host a name or a literal address
    /// @throws SSLPeerUnverifiedException when the certificate is for others, in the words of the docker client
    public static SSLSocket with(SSLContext context, Socket plain, String host) throws IOException {
        SSLSocket socket = withAnyone(context, plain, host);
        var shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        HostNames names = HostNames.of(shown);
        if (!names.include(host)) {
            socket.close();
            throw new SSLPeerUnverifiedException("tls: failed to verify certificate: x509: " + names.refusal(host));
        }
        return socket;
    }
}
