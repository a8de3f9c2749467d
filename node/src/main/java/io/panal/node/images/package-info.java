/// This host's images: registries on one side, containerd's store on the other.
///
/// **Invariant:** an image has its name only when all of it is here and unpacked.
@NullMarked
package io.panal.node.images;

import org.jspecify.annotations.NullMarked;
