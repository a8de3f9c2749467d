package io.panal.node.images;

import io.panal.images.reference.Digest;
import io.panal.images.transfer.ContentSource;
import io.panal.node.containers.ImageStore;
import java.io.IOException;
import java.io.InputStream;

/// Pushed content comes out of containerd's store.
record StoreSource(ImageStore store) implements ContentSource {
    @Override
    public boolean has(Digest digest) throws IOException {
        return store.size(digest.toString()).isPresent();
    }

    @Override
    public InputStream open(Digest digest, long offset) throws IOException {
        return store.open(digest.toString(), offset);
    }
}
