package io.panal.node.engine;

import io.panal.core.api.KeyMaker;
import io.panal.core.api.Standing;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Cluster;
import io.panal.core.store.View;
import io.panal.node.http.Refusal;
import java.io.IOException;
import java.util.Optional;

/// A node in no swarm.
final class Alone implements Swarm {
    @Override
    public KeyMaker keys() {
        return new KeyMaker() {
            @Override
            public Cluster.Rotation rotation(Cluster.Authority present, String certificate, String key) {
                throw new IllegalStateException("nobody rotates outside a swarm");
            }

            @Override
            public String unlockKey() {
                throw new IllegalStateException("nobody locks outside a swarm");
            }
        };
    }

    @Override
    public Standing standing() {
        return new Standing.Outside();
    }

    @Override
    public View view() throws IOException {
        throw new Refusal(503, "in no swarm");
    }

    @Override
    public Optional<View> copy() {
        return Optional.empty();
    }

    @Override
    public Answer submit(Command command) throws IOException {
        throw new Refusal(503, "in no swarm");
    }

    @Override
    public Membership membership() {
        return Membership.none();
    }

    @Override
    public String init(Init order) throws IOException {
        throw new Refusal(400, "advertise address was " + order.advertise());
    }

    @Override
    public void join(Join order) throws IOException {
        throw new Refusal(400, "token was " + order.token());
    }

    @Override
    public void leave(boolean force) throws IOException {
        throw new Refusal(503, "This node is not part of a swarm");
    }

    @Override
    public void unlock(String key) throws IOException {
        throw new Refusal(409, "not locked");
    }
}
