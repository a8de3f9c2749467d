package io.panal.node.identity;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// A node's key, its certificate and the roots it trusts: one state that is replaced as a whole.
///
/// @param key the node's private key
/// @param chain the node's certificate first
/// @param roots whom this node believes; several while the authority is being rotated
public record Credentials(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> roots) {
    /// How far certificates are dated back.
    static final Duration CLOCK_SKEW = Duration.ofHours(1);

    private static final double RENEW_FROM = 0.5;
    private static final double RENEW_UNTIL = 0.8;

    public Credentials {
        chain = List.copyOf(chain);
        roots = List.copyOf(roots);
    }

    /// Puts together what an enrolment gave and checks that it fits.
    ///
    /// @throws IOException when the certificate is not for this key, no root signed it, or it names no node
    public static Credentials of(PrivateKey key, String chainText, String rootsText) throws IOException {
        var credentials = new Credentials(key, Pem.certificates(chainText), Pem.certificates(rootsText));
        if (credentials.chain.isEmpty()
                || NodeName.of(credentials.chain.getFirst()).isEmpty()) {
            throw new IOException("the certificate names no node");
        }
        if (!credentials.keyFits()) {
            throw new IOException("the certificate is for another key");
        }
        if (!new Roots(credentials.roots).signed(credentials.chain)) {
            throw new IOException("no trusted authority has signed the certificate");
        }
        return credentials;
    }

    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /// Who this node is.
    public NodeName name() {
        return NodeName.of(certificate())
                .orElseThrow(() -> new IllegalStateException("no node's certificate: " + certificate()));
    }

    /// The same identity with other trusted roots.
    public Credentials trusting(List<X509Certificate> others) {
        return new Credentials(key, chain, others);
    }

    public String rootsText() {
        return Pem.text(roots);
    }

    public String chainText() {
        return Pem.text(chain);
    }

    public String keyText() {
        return Pem.text(key);
    }

    public boolean expired(Instant now) {
        return now.isAfter(certificate().getNotAfter().toInstant());
    }

    /// When to ask for a new certificate: somewhere between half and four fifths of its life, as swarmkit does.
    ///
    /// @param chance from 0 to 1, so that nodes do not ask all at once
    public Instant renewAt(double chance) {
        Instant from = certificate().getNotBefore().toInstant().plus(CLOCK_SKEW);
        Duration life = Duration.between(from, certificate().getNotAfter().toInstant());
        double part = RENEW_FROM + (RENEW_UNTIL - RENEW_FROM) * chance;
        return from.plusMillis((long) (life.toMillis() * part));
    }

    /// Whether key and certificate belong together.
    boolean keyFits() {
        try {
            var signature =
                    Signature.getInstance(key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
            signature.initSign(key);
            signature.update(certificate().getSerialNumber().toByteArray());
            byte[] signed = signature.sign();
            // The key alone: a certificate of an authority says that it signs no data.
            signature.initVerify(certificate().getPublicKey());
            signature.update(certificate().getSerialNumber().toByteArray());
            return signature.verify(signed);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }
}
