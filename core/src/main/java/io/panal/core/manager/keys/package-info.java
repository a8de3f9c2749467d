/// The keys of encrypted networks: when they are made, and when the next one takes over.
///
/// **Invariant:** every key comes from the 256 bits of chance that a term of leading is given, none from a name or a
/// clock.
@NullMarked
package io.panal.core.manager.keys;

import org.jspecify.annotations.NullMarked;
