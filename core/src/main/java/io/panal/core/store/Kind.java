package io.panal.core.store;

import io.panal.core.model.Cluster;
import io.panal.core.model.Config;
import io.panal.core.model.Guest;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Revision;
import io.panal.core.model.Secret;
import io.panal.core.model.Service;
import io.panal.core.model.Stored;
import io.panal.core.model.Task;
import java.util.List;

/// A kind of object: its name on disk and its class.
public record Kind<T extends Stored<T>>(String name, Class<T> type) {
    public static final Kind<Cluster> CLUSTER = new Kind<>("cluster", Cluster.class);
    public static final Kind<Node> NODE = new Kind<>("node", Node.class);
    public static final Kind<Network> NETWORK = new Kind<>("network", Network.class);
    public static final Kind<Service> SERVICE = new Kind<>("service", Service.class);
    public static final Kind<Revision> REVISION = new Kind<>("revision", Revision.class);
    public static final Kind<Task> TASK = new Kind<>("task", Task.class);
    public static final Kind<Secret> SECRET = new Kind<>("secret", Secret.class);
    public static final Kind<Config> CONFIG = new Kind<>("config", Config.class);
    public static final Kind<Guest> GUEST = new Kind<>("guest", Guest.class);

    /// In the order in which snapshots are written.
    public static final List<Kind<?>> ALL =
            List.of(CLUSTER, NODE, NETWORK, SERVICE, REVISION, TASK, SECRET, CONFIG, GUEST);

    public static Kind<?> of(String name) {
        for (Kind<?> kind : ALL) {
            if (kind.name.equals(name)) {
                return kind;
            }
        }
        throw new IllegalStateException("no kind is called " + name);
    }

    public static Kind<?> of(Stored<?> object) {
        for (Kind<?> kind : ALL) {
            if (kind.type.isInstance(object)) {
                return kind;
            }
        }
        throw new IllegalStateException("no kind of " + object.getClass());
    }
}
