package io.panal.node.http;

import java.io.IOException;

/// What answers the requests of one route.
@FunctionalInterface
public interface Endpoint {
    /// Answers as [Handler#handle] does.
    ///
    /// @param call the exchange with what the router made of its path
    void answer(Call call) throws IOException;
}
