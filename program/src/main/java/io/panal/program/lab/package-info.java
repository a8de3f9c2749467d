/// The lab: three managers and three workers on this host, joined, serving nginx; each step with the command a user
/// would type.
///
/// **Invariant:** the lab does nothing that its printed commands do not do; run again, it does only what is missing.
@NullMarked
package io.panal.program.lab;

import org.jspecify.annotations.NullMarked;
