/// Links between nodes: mutual TLS, gRPC, opaque bytes.
///
/// **Invariant:** a message's content is not looked at; who the peer is comes from its certificate only.
@NullMarked
package io.panal.node.link;

import org.jspecify.annotations.NullMarked;
