/// What must outlive a restart: small files that are whole or absent, never half.
///
/// **Invariant:** a file is replaced by rename after it and before its directory are flushed; its mode is 0600.
@NullMarked
package io.panal.node.disk;

import org.jspecify.annotations.NullMarked;
