/// The HTTP/1.1 server: unix and TLS sockets, one virtual thread per request, blocking streams, upgrade to a raw
/// stream.
///
/// **Invariant:** knows nothing of containers, services or nodes; an answer is what a [Handler] said.
@NullMarked
package io.panal.node.http;

import org.jspecify.annotations.NullMarked;
