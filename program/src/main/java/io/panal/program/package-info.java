/// The one program: joins the command line, the daemon, the machines and the lab.
///
/// **Invariant:** wiring only.
@NullMarked
package io.panal.program;

import org.jspecify.annotations.NullMarked;
