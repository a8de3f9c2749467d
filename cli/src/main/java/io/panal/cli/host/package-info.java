/// What is on one host: `panal container`, `panal image`, and `panal inspect` of anything.
///
/// **Invariant:** the basics for looking and cleaning up; making and running containers by hand is the docker client's.
@NullMarked
package io.panal.cli.host;

import org.jspecify.annotations.NullMarked;
