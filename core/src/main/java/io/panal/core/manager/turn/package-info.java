/// What the loops of a turn share: the draft, the time, new names, who is to be asked again.
///
/// **Invariant:** nothing here decides; nothing outlives a term but what the state holds.
@NullMarked
package io.panal.core.manager.turn;

import org.jspecify.annotations.NullMarked;
