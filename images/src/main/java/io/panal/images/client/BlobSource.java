package io.panal.images.client;

import java.io.IOException;
import java.io.InputStream;

/// Some bytes that can be read again, from any place.
@FunctionalInterface
public interface BlobSource {
    /// @param offset in bytes from the start
    InputStream open(long offset) throws IOException;
}
