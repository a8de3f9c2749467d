/// The cluster half of the Docker Engine API: a request as data in, an answer as data out.
///
/// **Invariant:** reads a view and builds commands; changes nothing itself.
@NullMarked
package io.panal.core.api;

import org.jspecify.annotations.NullMarked;
