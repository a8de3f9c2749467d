package io.panal.node.engine;

import io.panal.images.manifest.Descriptor;
import io.panal.images.reference.Digest;
import io.panal.images.reference.Reference;
import io.panal.images.transfer.ContentSink;
import io.panal.images.transfer.Progress;
import io.panal.images.transfer.PulledImage;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/// Holds nothing and takes nothing: for questions to registries.
final class NoContent implements ContentSink {
    @Override
    public boolean has(Digest digest) {
        return false;
    }

    @Override
    public Optional<Digest> current(Reference name) {
        return Optional.empty();
    }

    @Override
    public Writer open(Descriptor blob) throws IOException {
        throw new IOException("nothing is stored here: " + blob.digest());
    }

    @Override
    public void complete(PulledImage image, Consumer<Progress> progress) throws IOException {
        throw new IOException("nothing is stored here: " + image.name());
    }
}
