package io.panal.images;

import io.panal.images.manifest.Descriptor;
import io.panal.images.reference.Digest;
import io.panal.images.reference.Reference;
import io.panal.images.transfer.ContentSink;
import io.panal.images.transfer.ContentSource;
import io.panal.images.transfer.Progress;
import io.panal.images.transfer.PulledImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A content store in memory that keeps the contract: partial writes stay, a commit checks, a blob has one writer at a
/// time.
public final class MemoryContent implements ContentSink, ContentSource {
    public final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();
    public final Map<Digest, ByteArrayOutputStream> partial = new ConcurrentHashMap<>();
    public final Map<Reference, Digest> names = new ConcurrentHashMap<>();
    public final Map<Digest, AtomicInteger> writers = new ConcurrentHashMap<>();
    private final Set<Digest> written = ConcurrentHashMap.newKeySet();

    @Override
    public boolean has(Digest digest) {
        return blobs.containsKey(digest);
    }

    @Override
    public Optional<Digest> current(Reference name) {
        return Optional.ofNullable(names.get(name));
    }

    @Override
    public void complete(PulledImage image, Consumer<Progress> progress) {
        names.put(image.name(), image.target().digest());
    }

    @Override
    public InputStream open(Digest digest, long offset) {
        byte[] bytes = Objects.requireNonNull(blobs.get(digest), () -> "no " + digest);
        return new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset);
    }

    @Override
    public Writer open(Descriptor blob) throws IOException {
        if (!written.add(blob.digest())) {
            throw new IOException("ref " + blob.digest() + " locked: unavailable");
        }
        writers.computeIfAbsent(blob.digest(), _ -> new AtomicInteger()).incrementAndGet();
        ByteArrayOutputStream bytes = partial.computeIfAbsent(blob.digest(), _ -> new ByteArrayOutputStream());
        return new Writer() {
            @Override
            public long offset() {
                return bytes.size();
            }

            @Override
            public void write(ByteBuffer more) {
                byte[] copy = new byte[more.remaining()];
                more.get(copy);
                bytes.writeBytes(copy);
            }

            @Override
            public void commit() throws IOException {
                if (!Digest.of(bytes.toByteArray()).equals(blob.digest())) {
                    bytes.reset();
                    throw new IOException("unexpected commit digest");
                }
                blobs.put(blob.digest(), bytes.toByteArray());
                partial.remove(blob.digest());
            }

            @Override
            public void reset() {
                bytes.reset();
            }

            @Override
            public void close() {
                written.remove(blob.digest());
            }
        };
    }
}
