/// The replicated log: Apache Ratis behind [io.panal.node.consensus.Consensus], hosting bytes it does not
/// understand.
///
/// **Invariant:** no type of Ratis leaves this package but the builder of the shared port's server; what an
/// entry means is not known here.
@NullMarked
package io.panal.node.consensus;

import org.jspecify.annotations.NullMarked;
