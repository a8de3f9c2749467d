/// Hosts to run nodes on.
///
/// **Invariant:** knows nothing of what runs in a machine; it uses nothing else of Panal.
@NullMarked
package io.panal.machines;

import org.jspecify.annotations.NullMarked;
