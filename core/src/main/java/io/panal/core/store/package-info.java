/// The cluster's state: an immutable view, the changes to it, its snapshot.
///
/// **Invariant:** apply is total and deterministic; a view never changes.
@NullMarked
package io.panal.core.store;

import org.jspecify.annotations.NullMarked;
