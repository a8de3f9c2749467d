/// Commands about the program, the daemon, and both together.
///
/// **Invariant:** changes nothing.
@NullMarked
package io.panal.cli.system;

import org.jspecify.annotations.NullMarked;
