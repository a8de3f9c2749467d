package io.panal.node.images;

import io.panal.images.manifest.Descriptor;
import io.panal.images.reference.Digest;
import io.panal.images.reference.InvalidReferenceException;
import io.panal.images.reference.Reference;
import io.panal.images.transfer.ContentSink;
import io.panal.images.transfer.Progress;
import io.panal.images.transfer.PulledImage;
import io.panal.node.containers.ContainersException;
import io.panal.node.containers.ContentWriter;
import io.panal.node.containers.ImageImport;
import io.panal.node.containers.ImageStore;
import io.panal.node.containers.StoredImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Pulled content goes into containerd's store.
///
/// All that is being pulled shares one lease: a blob that no image names yet is safe as long as anything is under way.
final class StoreSink implements ContentSink {
    private static final int BUFFER_BYTES = 1 << 16;

    private final ImageStore store;
    private @Nullable ImageImport shared;
    private int users;

    StoreSink(ImageStore store) {
        this.store = store;
    }

    /// Keeps everything written safe until it is closed; around each pull.
    Hold hold() throws ContainersException {
        ImageImport _ = enter();
        return this::leave;
    }

    /// A pull that is under way.
    interface Hold extends AutoCloseable {
        @Override
        void close() throws ContainersException;
    }

    private synchronized ImageImport enter() throws ContainersException {
        ImageImport lease = shared;
        if (lease == null) {
            lease = store.begin();
            shared = lease;
        }
        users++;
        return lease;
    }

    private synchronized void leave() throws ContainersException {
        users--;
        if (users == 0 && shared != null) {
            shared.close();
            shared = null;
        }
    }

    @Override
    public boolean has(Digest digest) throws IOException {
        return store.size(digest.toString()).isPresent();
    }

    @Override
    public Optional<Digest> current(Reference name) throws IOException {
        Optional<StoredImage> stored = store.find(LocalImages.storeName(name));
        return stored.isEmpty()
                ? Optional.empty()
                : Optional.of(digest(stored.get().digest()));
    }

    private static Digest digest(String text) throws IOException {
        try {
            return Digest.parse(text);
        } catch (InvalidReferenceException invalid) {
            throw new IOException(invalid.getMessage(), invalid);
        }
    }

    @Override
    public Writer open(Descriptor blob) throws IOException {
        ImageImport lease = enter();
        try {
            return new BlobWriter(lease.write(blob.digest().toString(), blob.size()));
        } catch (IOException | RuntimeException failed) {
            leave();
            throw failed;
        }
    }

    @Override
    public void complete(PulledImage image, Consumer<Progress> progress) throws IOException {
        ImageImport lease = enter();
        try {
            Reference name = image.name();
            List<String> names = new ArrayList<>();
            names.add(LocalImages.storeName(name));
            String pinned = name.name() + "@" + image.target().digest();
            if (!names.contains(pinned)) {
                names.add(pinned);
            }
            StoredImage _ = lease.complete(
                    names,
                    image.target().digest().toString(),
                    image.target().mediaType(),
                    image.manifest().descriptor().digest().toString());
        } finally {
            leave();
        }
    }

    private final class BlobWriter implements Writer {
        private final ContentWriter writer;

        BlobWriter(ContentWriter writer) {
            this.writer = writer;
        }

        @Override
        public long offset() {
            return writer.offset();
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            byte[] piece = new byte[Math.min(BUFFER_BYTES, bytes.remaining())];
            while (bytes.hasRemaining()) {
                int length = Math.min(piece.length, bytes.remaining());
                bytes.get(piece, 0, length);
                writer.write(piece, 0, length);
            }
        }

        @Override
        public void commit() throws IOException {
            writer.commit();
        }

        @Override
        public void reset() throws IOException {
            writer.reset();
        }

        @Override
        public void close() throws IOException {
            writer.close();
            leave();
        }
    }
}
