package io.panal.node.swarm;

import io.panal.core.model.Node;
import io.panal.node.identity.Credentials;
import io.panal.node.identity.Pem;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/// What the API shows of the swarm's authority.
final class TlsFacts {
    /// Of a node that has no certificate yet.
    static final Node.TlsInfo NONE = new Node.TlsInfo("", "", "");

    private TlsFacts() {}

    /// Of a root that signs for nodes.
    static Node.TlsInfo of(X509Certificate root) {
        return facts(Pem.text(List.of(root)), root);
    }

    /// Of a node: whom it believes, and who has signed its certificate.
    static Node.TlsInfo of(Credentials credentials) {
        X509Certificate issuer = credentials.chain().size() > 1
                ? credentials.chain().get(1)
                : credentials.roots().stream()
                        .filter(root -> credentials
                                .certificate()
                                .getIssuerX500Principal()
                                .equals(root.getSubjectX500Principal()))
                        .findFirst()
                        .orElse(credentials.roots().getFirst());
        return facts(credentials.rootsText(), issuer);
    }

    private static Node.TlsInfo facts(String roots, X509Certificate issuer) {
        Base64.Encoder base64 = Base64.getEncoder();
        return new Node.TlsInfo(
                roots,
                base64.encodeToString(issuer.getSubjectX500Principal().getEncoded()),
                base64.encodeToString(issuer.getPublicKey().getEncoded()));
    }
}
