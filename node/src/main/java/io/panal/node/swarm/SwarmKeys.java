package io.panal.node.swarm;

import io.panal.core.api.ApiRefusal;
import io.panal.core.api.KeyMaker;
import io.panal.core.model.Cluster;
import io.panal.node.identity.Authority;
import io.panal.node.identity.JoinToken;
import io.panal.node.identity.Pem;
import io.panal.node.identity.SealingKey;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;

/// The swarm's roots, tokens and keys, made of the host's chance.
final class SwarmKeys implements KeyMaker {
    private static final SecureRandom RANDOM = new SecureRandom();

    @Override
    public Cluster.Rotation rotation(Cluster.Authority present, String certificate, String key) {
        Instant now = Instant.now();
        Authority next = certificate.isEmpty() ? Authority.create(now) : given(certificate, key, now);
        return new Cluster.Rotation(
                next.certificateText(),
                next.keyText(),
                Pem.text(List.of(root(present).endorse(next, now))),
                tokens(next),
                TlsFacts.of(next.certificate()));
    }

    private static Authority given(String certificate, String key, Instant now) {
        try {
            Authority given = Authority.read(certificate, Pem.normalKey(key));
            if (given.certificate().getBasicConstraints() < 0) {
                throw ApiRefusal.invalid("the given certificate is no CA's");
            }
            if (!given.isValid(now)) {
                throw ApiRefusal.invalid("the given CA certificate has expired or is not valid yet");
            }
            return given;
        } catch (IOException unreadable) {
            throw ApiRefusal.invalid("the given CA certificate and key cannot be used: " + unreadable.getMessage());
        }
    }

    @Override
    public String unlockKey() {
        return SealingKey.fresh().unlockKey();
    }

    /// A worker's and a manager's token, which pin the root.
    static Cluster.JoinTokens tokens(Authority root) {
        return new Cluster.JoinTokens(
                JoinToken.create(root.certificate(), RANDOM).toString(),
                JoinToken.create(root.certificate(), RANDOM).toString());
    }

    /// The root that every node trusts.
    static Authority root(Cluster.Authority authority) {
        return readable(authority.caCertificate(), authority.caKey());
    }

    /// The root that signs now; while it is not the one that every node trusts, that one has signed it.
    static Authority signer(Cluster.Authority authority) {
        return authority
                .rotation()
                .map(next -> endorsed(readable(next.caCertificate(), next.caKey()), next.crossSigned()))
                .orElseGet(() -> root(authority));
    }

    private static Authority endorsed(Authority next, String crossSigned) {
        try {
            return next.endorsedBy(Pem.certificates(crossSigned));
        } catch (IOException unreadable) {
            throw new IllegalStateException("the next root's endorsement cannot be read", unreadable);
        }
    }

    private static Authority readable(String certificate, String key) {
        try {
            return Authority.read(certificate, key);
        } catch (IOException unreadable) {
            throw new IllegalStateException("the swarm's authority cannot be read", unreadable);
        }
    }
}
