package io.panal.node.engine;

import io.panal.core.api.KeyMaker;
import io.panal.core.api.Standing;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Cluster;
import io.panal.core.store.View;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The node's part in a swarm, as the Engine API needs it. Calls block and may come from many threads.
///
/// A [Refusal] carries the status and text for the user; any other failure is answered with 500.
public interface Swarm {
    /// Makes keys and certificates.
    KeyMaker keys();

    /// What this node is now.
    Standing standing();

    /// The state, at least as new as every change that was answered before the call. Only asked on a manager.
    View view() throws IOException;

    /// This node's own copy of the state as it is now, which may be old; empty on a worker and outside.
    Optional<View> copy();

    /// Asks the leader, wherever it is, and waits until the change is committed. Only asked on a manager.
    Answer submit(Command command) throws IOException;

    /// What `docker info` says of it; answers even without quorum.
    Membership membership();

    /// Begins a swarm.
    ///
    /// @return this node's id in it
    String init(Init order) throws IOException;

    /// Joins a swarm, or refuses after 20 s and goes on trying.
    void join(Join order) throws IOException;

    /// Leaves the swarm.
    ///
    /// @param force also when the swarm's state is lost by it
    void leave(boolean force) throws IOException;

    /// Opens a locked manager.
    void unlock(String key) throws IOException;

    /// @param state inactive, pending, active, locked or error
    /// @param error why it does not get on, empty when it does
    /// @param managers where this node would ask for work
    record Membership(
            String nodeId, String nodeAddress, String state, boolean control, String error, List<Peer> managers) {
        /// Copies.
        public Membership {
            managers = List.copyOf(managers);
        }

        /// Of a node in no swarm.
        public static Membership none() {
            return new Membership("", "", "inactive", false, "", List.of());
        }
    }

    /// @param address host:port
    record Peer(String nodeId, String address) {}

    /// `POST /swarm/init`.
    ///
    /// @param listen host:port
    /// @param advertise an address or interface, with an optional port; empty to find it out
    record Init(
            String listen,
            String advertise,
            DataPath dataPath,
            List<String> addressPools,
            int subnetSize,
            boolean forceNewCluster,
            String availability,
            Optional<Cluster.ClusterSpec> spec) {
        /// Copies.
        public Init {
            addressPools = List.copyOf(addressPools);
        }
    }

    /// @param port of VXLAN; 0 is 4789
    record DataPath(String address, int port) {}

    /// `POST /swarm/join`.
    record Join(
            String listen,
            String advertise,
            String dataPathAddress,
            List<String> remotes,
            String token,
            String availability) {
        /// Copies.
        public Join {
            remotes = List.copyOf(remotes);
        }
    }
}
