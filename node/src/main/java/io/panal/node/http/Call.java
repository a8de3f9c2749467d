package io.panal.node.http;

import io.panal.core.api.Query;
import java.util.Map;

/// A request the router has a route for.
///
/// @param exchange the request and its answer
/// @param version what the client speaks; the newest where the path names none
/// @param path the path without its version, decoded, beginning with `/`
/// @param names the parts of the path the route names
public record Call(Exchange exchange, ApiVersion version, String path, Map<String, String> names) {
    /// Copies.
    public Call {
        names = Map.copyOf(names);
    }

    /// A part of the path.
    public String name(String name) {
        String value = names.get(name);
        if (value == null) {
            throw new IllegalStateException("no {%s} in the route of %s".formatted(name, path));
        }
        return value;
    }

    /// The request's parameters.
    public Query query() {
        return exchange.query();
    }
}
