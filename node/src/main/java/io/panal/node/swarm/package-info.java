/// This node's part in a swarm: as a manager that holds the log, as an agent that runs tasks.
///
/// **Invariant:** what the cluster is to be is core's to decide; here orders are carried between core, log and links.
@NullMarked
package io.panal.node.swarm;

import org.jspecify.annotations.NullMarked;
