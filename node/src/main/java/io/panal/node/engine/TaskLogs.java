package io.panal.node.engine;

import io.panal.core.model.Task;
import io.panal.node.containers.LogQuery;
import io.panal.node.containers.LogReceiver;
import java.io.IOException;

/// What tasks printed, wherever they run.
public interface TaskLogs {
    /// Reads one task's log from its node, oldest line first; with `follow` until the task's container has ended.
    ///
    /// Blocks; interrupting the thread ends it. A task without a container has an empty log.
    ///
    /// @throws IOException when its node cannot be reached, or the receiver wants no more
    void read(Task task, LogQuery query, LogReceiver receiver) throws IOException, InterruptedException;
}
