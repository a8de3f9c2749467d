package io.panal.node.link;

import io.panal.node.identity.Authority;
import io.panal.node.identity.NodeName;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/// Who gets a certificate: decided by the manager, carried out here.
///
/// Called on a virtual thread of its own: it may wait for the decision to be committed.
public interface Enrollment {
    /// The roots that joining nodes are shown, the one the tokens pin first.
    List<X509Certificate> roots();

    /// A node without a certificate asks to join.
    Verdict enroll(Applicant applicant);

    /// A node asks for its next certificate; its role may have changed since.
    Verdict renew(NodeName peer);

    /// Who asks.
    ///
    /// @param key of this attempt: the same one means the same node, asking again
    /// @param token as it was sent, not looked at yet
    /// @param arrival what the node says of itself, agreed between both ends
    /// @param remoteAddress the peer's IP address as this manager sees it
    record Applicant(PublicKey key, String token, String arrival, String remoteAddress) {}

    /// The answer.
    sealed interface Verdict {
        /// The certificate is signed with these names.
        ///
        /// @param validity from now
        /// @param trusted the roots the node must believe from now on
        record Admitted(Authority authority, NodeName name, Duration validity, List<X509Certificate> trusted)
                implements Verdict {
            public Admitted {
                trusted = List.copyOf(trusted);
            }
        }

        /// @param why shown to the user
        record Refused(String why) implements Verdict {}

        /// Another manager leads.
        ///
        /// @param address its `host:port`
        record Elsewhere(String address) implements Verdict {}

        /// Cannot be decided now (no leader); the node asks again.
        record Later(String why) implements Verdict {}
    }
}
