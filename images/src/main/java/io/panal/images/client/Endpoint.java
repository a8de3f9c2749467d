package io.panal.images.client;

import java.net.URI;

/// How to talk to a registry.
///
/// @param base such as `http://127.0.0.1:5000`
/// @param isChecked whether its certificate must be valid; never asked of private addresses, which may be plain too
record Endpoint(URI base, boolean isChecked) {
    URI at(String pathAndQuery) {
        return base.resolve(pathAndQuery);
    }
}
