package io.panal.images.transfer;

import io.panal.images.reference.Digest;
import java.io.IOException;
import java.io.InputStream;

/// Where pushed content comes from; called from several threads.
public interface ContentSource {
    /// Whether it holds these bytes.
    boolean has(Digest digest) throws IOException;

    /// The bytes from an offset on.
    InputStream open(Digest digest, long offset) throws IOException;
}
