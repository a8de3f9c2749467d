/// Real images made from Debian's packages, for places where no public registry answers.
///
/// **Invariant:** what an image is called is what it holds, and its labels say which package of which version;
/// the same packages give the same bytes.
@NullMarked
package io.panal.images.debian;

import org.jspecify.annotations.NullMarked;
