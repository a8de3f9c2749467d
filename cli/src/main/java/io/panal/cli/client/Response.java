package io.panal.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/// An answer whose body is still to be read.
///
/// @param headers by lower-case name
/// @param body must be read to its end before the next request; [Connection#close] also ends it
public record Response(int status, Map<String, String> headers, InputStream body) {
    byte[] bytes() throws IOException {
        return body.readAllBytes();
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }
}
