/// A registry server after the OCI distribution specification 1.1, kept in one directory.
///
/// **Invariant:** nothing is visible before it is whole, checked and on the disk.
@NullMarked
package io.panal.images.registry;

import org.jspecify.annotations.NullMarked;
