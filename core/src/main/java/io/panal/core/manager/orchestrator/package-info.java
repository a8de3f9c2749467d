/// How many tasks a service has and of which revision: slots, restarts, updates, jobs, history.
///
/// **Invariant:** a function of the state and the time; no node is chosen here.
@NullMarked
package io.panal.core.manager.orchestrator;

import org.jspecify.annotations.NullMarked;
