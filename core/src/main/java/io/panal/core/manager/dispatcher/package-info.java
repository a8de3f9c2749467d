/// Who is heard of, and what each node has been told.
///
/// **Invariant:** soft state: gone with the term, and rebuilt by asking.
@NullMarked
package io.panal.core.manager.dispatcher;

import org.jspecify.annotations.NullMarked;
