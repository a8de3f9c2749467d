package io.panal.node.swarm;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.panal.core.agent.Assignments;
import io.panal.node.identity.CertificateFiles;
import io.panal.node.identity.Credentials;
import io.panal.node.identity.Identity;
import io.panal.node.identity.Pem;
import java.io.IOException;

/// Whom this node believes, as the managers have it: the swarm's root may be rotated.
final class Trust {
    private static final System.Logger LOG = System.getLogger(Trust.class.getName());

    private final Identity identity;
    private final CertificateFiles files;

    Trust(Identity identity, CertificateFiles files) {
        this.identity = identity;
        this.files = files;
    }

    /// Takes other roots into use when its own certificate leads to them.
    ///
    /// @return whether another certificate is to be asked for
    boolean follow(Assignments.Trust wanted) {
        Credentials present = identity.credentials();
        boolean isIssued = wanted.issuer().isEmpty()
                || wanted.issuer().equals(TlsFacts.of(present).certIssuerPublicKey());
        if (isIssued && !wanted.roots().isEmpty() && !wanted.roots().equals(present.rootsText())) {
            adopt(present, wanted.roots());
        }
        return !isIssued;
    }

    private void adopt(Credentials present, String roots) {
        try {
            Credentials next = Credentials.of(present.key(), present.chainText(), roots);
            files.save(next);
            identity.replace(next);
            LOG.log(INFO, () -> "root replaced roots=" + Pem.digests(next.roots()));
        } catch (IOException refused) {
            LOG.log(WARNING, "the swarm's other root was not taken into use", refused);
        }
    }
}
