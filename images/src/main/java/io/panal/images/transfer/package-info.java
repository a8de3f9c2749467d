/// Whole images between a registry and a content store, in docker's stream of progress.
///
/// **Invariant:** nothing is committed whose digest was not checked.
@NullMarked
package io.panal.images.transfer;

import org.jspecify.annotations.NullMarked;
