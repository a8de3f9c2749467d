/// `panal machine`: docker-machine's commands, flags, tables and texts over this host's machines.
///
/// **Invariant:** prints and parses only; what happens to a machine happens in the module of machines.
@NullMarked
package io.panal.cli.machine;

import org.jspecify.annotations.NullMarked;
