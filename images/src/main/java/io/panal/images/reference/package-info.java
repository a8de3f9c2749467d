/// What an image is called: references and digests.
///
/// **Invariant:** a name that exists is well formed; no input or output in here.
@NullMarked
package io.panal.images.reference;

import org.jspecify.annotations.NullMarked;
