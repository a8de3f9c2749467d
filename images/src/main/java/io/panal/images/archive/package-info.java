/// Tar archives, read and written as streams: layers of images, and files on their way into and out of containers.
///
/// **Invariant:** nothing in here touches a file system; an archive's names are given as they are, and trusted by
/// nobody.
@NullMarked
package io.panal.images.archive;

import org.jspecify.annotations.NullMarked;
