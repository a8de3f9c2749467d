/// The vocabulary: what a cluster consists of, shaped on the Docker Engine API.
///
/// **Invariant:** records only; a record changes by a named transition, and no transition reads a clock.
@NullMarked
package io.panal.core.model;

import org.jspecify.annotations.NullMarked;
