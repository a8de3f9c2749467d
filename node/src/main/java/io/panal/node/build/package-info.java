/// `docker build` by the classic builder's rules: a Dockerfile and its context made into an image, step by step.
///
/// **Invariant:** a step is a function of the image before it, its words and the files it names; what was made once
/// is found again by these.
@NullMarked
package io.panal.node.build;

import org.jspecify.annotations.NullMarked;
