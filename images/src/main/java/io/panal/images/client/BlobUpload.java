package io.panal.images.client;

import io.panal.images.client.Session.Call;
import io.panal.images.manifest.Descriptor;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/// One blob on its way to a registry: opened, sent in one stream, taken up again where it broke, and committed.
final class BlobUpload {
    private static final int ATTEMPTS = 5;
    private static final String BINARY = "application/octet-stream";

    private final Session session;
    private final Descriptor blob;
    private final BlobSource source;
    private final LongConsumer sent;
    private String location;

    /// @param location as the registry gave it when it opened the upload
    /// @param sent told the bytes sent so far
    BlobUpload(Session session, String location, Descriptor blob, BlobSource source, LongConsumer sent) {
        this.session = session;
        this.location = location;
        this.blob = blob;
        this.source = source;
        this.sent = sent;
    }

    void run() throws IOException {
        long offset = 0;
        for (int attempt = 1; ; attempt++) {
            try {
                if (offset < blob.size()) {
                    patch(offset);
                }
                commit();
                return;
            } catch (RegistryException failure) {
                boolean mayPass = failure.kind() == RegistryException.Kind.UNREACHABLE || failure.isOutOfStep();
                if (!mayPass || attempt == ATTEMPTS) {
                    throw failure;
                }
                offset = received();
            }
        }
    }

    private void patch(long offset) throws IOException {
        Map<String, String> headers = Map.of("Content-Type", BINARY, "Content-Range", offset + "-" + (blob.size() - 1));
        AtomicLong beat = new AtomicLong();
        Call call = new Call("PATCH", location, headers);
        HttpResponse<InputStream> response = session.upload(call, () -> body(offset, beat), beat);
        moved(Session.expect(response, 202, 201, 204));
    }

    private BodyPublisher body(long offset, AtomicLong beat) {
        return BodyPublishers.fromPublisher(
                BodyPublishers.ofInputStream(() -> counted(offset, beat)), blob.size() - offset);
    }

    private InputStream counted(long offset, AtomicLong beat) {
        try {
            return new Counted(source.open(offset), offset, beat);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private final class Counted extends FilterInputStream {
        private final AtomicLong beat;
        private long done;

        Counted(InputStream from, long offset, AtomicLong beat) {
            super(from);
            this.beat = beat;
            this.done = offset;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = super.read(into, offset, length);
            if (count > 0) {
                done += count;
                beat.set(System.nanoTime());
                sent.accept(done);
            }
            return count;
        }
    }

    /// What the registry already holds of this upload, in bytes.
    private long received() throws IOException {
        HttpResponse<InputStream> response = Session.expect(session.send(new Call("GET", location)), 204, 202);
        moved(response);
        String range = response.headers().firstValue("Range").orElse("0-0");
        long last = Long.parseLong(range.substring(range.indexOf('-') + 1).trim());
        // Registries answer 0-0 for nothing as well as for one byte; a first piece of one byte is never sent.
        return last == 0 ? 0 : last + 1;
    }

    private void commit() throws IOException {
        String joint = location.contains("?") ? "&" : "?";
        Call call = new Call("PUT", location + joint + "digest=" + blob.digest(), Map.of("Content-Type", BINARY));
        Session.expect(session.send(call), 201, 204).body().close();
    }

    private void moved(HttpResponse<InputStream> response) throws IOException {
        response.body().close();
        URI from = response.uri();
        location = response.headers()
                .firstValue("Location")
                .map(to -> from.resolve(to).toString())
                .orElse(location);
    }
}
