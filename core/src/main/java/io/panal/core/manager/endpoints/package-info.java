/// What each node's kernel is to hold.
///
/// **Invariant:** derived from the state alone; nothing is remembered but what saves work.
@NullMarked
package io.panal.core.manager.endpoints;

import org.jspecify.annotations.NullMarked;
