/// Does what the agent asks of the host, task by task.
///
/// **Invariant:** each piece of work is answered by one event; nothing here decides what is to run.
@NullMarked
package io.panal.node.work;

import org.jspecify.annotations.NullMarked;
