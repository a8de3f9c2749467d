/// Records to bytes and back: JSON as the Engine API spells it, a compact binary form for log, snapshot and links.
///
/// **Invariant:** nothing per kind; what differs is said on the record's components.
@NullMarked
package io.panal.core.codec;

import org.jspecify.annotations.NullMarked;
