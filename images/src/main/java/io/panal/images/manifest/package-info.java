/// What an image is made of: descriptors, manifests and indexes of OCI and of Docker's schema 2.
///
/// **Invariant:** the bytes of a manifest are kept as they came; nothing here is written anew from parsed fields.
@NullMarked
package io.panal.images.manifest;

import org.jspecify.annotations.NullMarked;
