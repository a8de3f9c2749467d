package io.panal.node.identity;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509ExtendedTrustManager;

/// Whom a node believes that has no identity yet.
public final class Pinned extends ChainTrust {
    private final Optional<Roots> roots;

    private Pinned(Optional<Roots> roots) {
        this.roots = roots;
    }

    /// Anybody: only to fetch the root certificate, which is then compared with the token.
    public static X509ExtendedTrustManager anyone() {
        return new Pinned(Optional.empty());
    }

    /// Managers whose certificate this root has signed.
    public static X509ExtendedTrustManager managersSignedBy(X509Certificate root) {
        return new Pinned(Optional.of(new Roots(List.of(root))));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        if (roots.isPresent()) {
            roots.get().checkServer(chain, type);
            if (NodeName.of(chain[0])
                    .filter(name -> name.role() == Role.MANAGER)
                    .isEmpty()) {
                throw new CertificateException("the peer is no manager");
            }
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("this end is never a server");
    }
}
