package io.panal.core.api;

import io.panal.core.model.Cluster;
import io.panal.core.model.Node;

/// Keys that say what they are.
final class FakeKeys implements KeyMaker {
    @Override
    public Cluster.Rotation rotation(Cluster.Authority present, String certificate, String key) {
        String next = certificate.isEmpty() ? "after " + present.caCertificate() : certificate;
        return new Cluster.Rotation(
                next,
                "key of " + next,
                next + " by " + present.caCertificate(),
                new Cluster.JoinTokens("worker token of " + next, "manager token of " + next),
                new Node.TlsInfo(next, "subject", "public key of " + next));
    }

    @Override
    public String unlockKey() {
        return "SWMKEY-1-fresh";
    }
}
