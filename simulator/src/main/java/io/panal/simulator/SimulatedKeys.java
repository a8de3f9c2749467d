package io.panal.simulator;

import io.panal.core.api.KeyMaker;
import io.panal.core.model.Cluster;
import io.panal.core.model.Node;
import java.util.function.Supplier;

/// Keys without cryptography: names that no two share.
record SimulatedKeys(Supplier<String> freshName) implements KeyMaker {
    static final String SUBJECT = "CN=swarm-ca";

    @Override
    public Cluster.Rotation rotation(Cluster.Authority present, String certificate, String key) {
        String name = freshName.get();
        return new Cluster.Rotation(
                "root " + name,
                "key " + name,
                "root " + name + " by " + present.caCertificate(),
                new Cluster.JoinTokens("SWMTKN-1-worker-" + name, "SWMTKN-1-manager-" + name),
                new Node.TlsInfo("root " + name, SUBJECT, "public " + name));
    }

    @Override
    public String unlockKey() {
        return "SWMKEY-1-" + freshName.get();
    }
}
