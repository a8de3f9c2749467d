package io.panal.node.engine;

import io.panal.core.model.Node;
import java.io.IOException;

/// The networks of another node, as a manager asks it about them.
@FunctionalInterface
public interface NodeNetworks {
    /// Has the node compare what its kernel holds with what is wanted. Blocks; interrupting the thread ends it.
    ///
    /// @param mending whether what differs is made as wanted
    /// @throws IOException with a sentence that says why it cannot be asked
    NetworkHealth examine(Node node, boolean mending) throws IOException, InterruptedException;
}
