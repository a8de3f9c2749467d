package io.panal.node.http;

import java.io.IOException;

/// What answers a request; called on a virtual thread of its own, which is interrupted when the client goes away.
@FunctionalInterface
public interface Handler {
    /// Answers `exchange` once, by [Exchange#respond], [Exchange#stream] or [Exchange#upgrade].
    ///
    /// @throws Refusal to answer with its status and message
    /// @throws IOException when the client is gone, or what the answer needed could not be had (a 500)
    void handle(Exchange exchange) throws IOException;
}
