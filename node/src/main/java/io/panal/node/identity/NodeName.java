package io.panal.node.identity;

import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// Who a certificate says its owner is: `CN=node, OU=swarm-manager|swarm-worker, O=cluster`, as swarmkit does.
///
/// @param nodeId 25 characters of base 36
/// @param role what the owner may do
/// @param clusterId 25 characters of base 36
public record NodeName(String nodeId, Role role, String clusterId) {

    /// Reads a certificate's subject; empty when it is no node's.
    public static Optional<NodeName> of(X509Certificate certificate) {
        Map<String, String> parts = new HashMap<>();
        try {
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                parts.put(part.getType(), String.valueOf(part.getValue()));
            }
        } catch (InvalidNameException _) {
            return Optional.empty();
        }
        String nodeId = parts.getOrDefault("CN", "");
        String clusterId = parts.getOrDefault("O", "");
        return Role.ofUnit(parts.getOrDefault("OU", ""))
                .filter(_ -> !nodeId.isEmpty() && !clusterId.isEmpty())
                .map(role -> new NodeName(nodeId, role, clusterId));
    }

    /// Who the peer of a connection is; empty when it showed no certificate.
    public static Optional<NodeName> of(@Nullable SSLSession session) {
        if (session == null) {
            return Optional.empty();
        }
        try {
            return of((X509Certificate) session.getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException _) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return nodeId + " (" + role.unit() + " of " + clusterId + ")";
    }
}
