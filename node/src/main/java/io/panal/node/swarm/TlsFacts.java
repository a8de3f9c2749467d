package io.panal.node.swarm;

import io.panal.core.model.Node;
import io.panal.node.identity.Pem;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/// What the API shows of the swarm's authority.
final class TlsFacts {
    private TlsFacts() {}

    static Node.TlsInfo of(X509Certificate root) {
        Base64.Encoder base64 = Base64.getEncoder();
        return new Node.TlsInfo(
                Pem.text(List.of(root)),
                base64.encodeToString(root.getSubjectX500Principal().getEncoded()),
                base64.encodeToString(root.getPublicKey().getEncoded()));
    }
}
