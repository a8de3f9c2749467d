/// Certificates of a storage's own authority, and the authenticated question whether an engine answers.
///
/// **Invariant:** private keys are written readable by their owner only and never logged.
@NullMarked
package io.panal.machines.tls;

import org.jspecify.annotations.NullMarked;
