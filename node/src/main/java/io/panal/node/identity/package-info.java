/// Who a node is: the swarm's own certificate authority, join tokens, and the key and certificate a node shows.
///
/// **Invariant:** nothing in here decides who may join or with which role; a private key never leaves its node.
@NullMarked
package io.panal.node.identity;

import org.jspecify.annotations.NullMarked;
