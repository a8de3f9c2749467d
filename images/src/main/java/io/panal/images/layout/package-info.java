/// Images in a directory, as the OCI image layout specification 1.1 keeps them.
///
/// **Invariant:** a file under `blobs` holds what its name says; the index is written last.
@NullMarked
package io.panal.images.layout;

import org.jspecify.annotations.NullMarked;
