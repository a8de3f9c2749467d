package io.panal.images.transfer;

import io.panal.images.client.RegistryException;
import io.panal.images.client.Repository;
import io.panal.images.manifest.Descriptor;
import io.panal.images.transfer.ContentSink.Writer;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.function.LongConsumer;

/// One blob from a registry into a sink: taken up again where it broke, and checked.
final class Fetch {
    private static final int ATTEMPTS = 5;
    private static final int CHUNK = 64 << 10;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

    private final Repository repository;
    private final Descriptor blob;
    private final LongConsumer received;
    private MessageDigest hash;
    private long hashed;

    Fetch(Repository repository, Descriptor blob, LongConsumer received) {
        this.repository = repository;
        this.blob = blob;
        this.received = received;
        this.hash = blob.digest().hasher();
    }

    /// A failure of the sink ends it; one of the registry is tried again with growing pauses.
    void into(ContentSink sink) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try (Writer writer = sink.open(blob)) {
                copy(writer);
                finish(writer);
                return;
            } catch (Broken broken) {
                if (attempt == ATTEMPTS) {
                    throw broken.why;
                }
                pause(attempt);
            }
        }
    }

    /// The registry's side failed in a way that may pass.
    private static final class Broken extends Exception {
        private static final long serialVersionUID = 1;
        private final IOException why;

        Broken(IOException why) {
            super(why);
            this.why = why;
        }
    }

    private void copy(Writer writer) throws IOException, Broken {
        long offset = writer.offset();
        if (offset > blob.size()) {
            writer.reset();
            offset = 0;
        }
        if (offset == 0) {
            hash = blob.digest().hasher();
            hashed = 0;
        }
        if (offset == blob.size()) {
            return;
        }
        try (InputStream body = open(offset)) {
            byte[] chunk = new byte[CHUNK];
            for (int count; (count = read(body, chunk)) >= 0; ) {
                if (offset + count > blob.size()) {
                    writer.reset();
                    throw wrong();
                }
                writer.write(ByteBuffer.wrap(chunk, 0, count));
                if (hashed == offset) {
                    hash.update(chunk, 0, count);
                    hashed += count;
                }
                offset += count;
                received.accept(offset);
            }
        }
        if (offset < blob.size()) {
            throw new Broken(new IOException("unexpected EOF"));
        }
    }

    private InputStream open(long offset) throws IOException, Broken {
        try {
            return repository.blob(blob, offset);
        } catch (RegistryException failure) {
            if (failure.kind() == RegistryException.Kind.UNREACHABLE) {
                throw new Broken(failure);
            }
            throw failure;
        }
    }

    private static int read(InputStream body, byte[] chunk) throws IOException, Broken {
        try {
            return body.read(chunk);
        } catch (InterruptedIOException stopped) {
            throw stopped;
        } catch (IOException broken) {
            throw new Broken(broken);
        }
    }

    private void finish(Writer writer) throws IOException {
        // Bytes that an earlier program left were not seen here: the sink's own check is the one that counts.
        if (hashed == blob.size() && !blob.digest().matches(hash.digest())) {
            writer.reset();
            throw wrong();
        }
        writer.commit();
    }

    private IOException wrong() {
        return RegistryException.refused("filesystem layer verification failed for digest " + blob.digest());
    }

    private static void pause(int attempt) throws InterruptedIOException {
        try {
            Thread.sleep(FIRST_PAUSE.multipliedBy(1L << (attempt - 1)));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("context canceled");
        }
    }
}
