package io.panal.images.registry;

import io.panal.images.reference.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// Blobs on their way in: a file each, whose length is how far it came, so that a restart loses nothing.
///
/// The hash is kept while the program runs and worked out again from the file when it is not the file's.
final class Uploads {
    private static final int CHUNK = 64 << 10;

    private final Path directory;
    private final ConcurrentMap<String, Upload> open = new ConcurrentHashMap<>();

    /// One upload; its monitor orders those who touch its file.
    private static final class Upload {
        private final MessageDigest hash = Digest.sha256();
        private long hashed;
        private volatile @Nullable RequestBody sender;
    }

    Uploads(Path directory) {
        this.directory = directory;
    }

    /// Begins one.
    ///
    /// @return its id
    String begin() throws IOException {
        String id = UUID.randomUUID().toString();
        Files.createFile(file(id));
        return id;
    }

    /// How many bytes have come; a sender that is still at it is broken off, as its client asks because it lost it.
    long length(String id) throws IOException, Failure {
        Path file = existing(id);
        Upload upload = takenOver(id);
        synchronized (upload) {
            return Files.size(file);
        }
    }

    private Upload takenOver(String id) {
        Upload upload = open.computeIfAbsent(id, _ -> new Upload());
        RequestBody before = upload.sender;
        if (before != null) {
            before.breakOff();
        }
        return upload;
    }

    /// Adds bytes at the end.
    ///
    /// @param from where the sender thinks the end is; negative when it does not say
    /// @return how many bytes there are now
    /// @throws Failure when that is somewhere else
    long append(String id, long from, RequestBody body) throws IOException, Failure {
        Path file = existing(id);
        Upload upload = takenOver(id);
        synchronized (upload) {
            upload.sender = body;
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
                if (from >= 0 && from != channel.size()) {
                    throw new Failure(
                            Failure.Code.BLOB_UPLOAD_INVALID,
                            "range begins at %d, not at %d".formatted(from, channel.size()));
                }
                byte[] chunk = new byte[CHUNK];
                boolean isHashed = upload.hashed == channel.size();
                for (int count; (count = body.read(chunk)) >= 0; ) {
                    ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, count);
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                    if (isHashed) {
                        upload.hash.update(chunk, 0, count);
                        upload.hashed += count;
                    }
                }
                return channel.size();
            } finally {
                upload.sender = null;
            }
        }
    }

    /// Checks a complete upload and makes it durable.
    ///
    /// @return its file, to be moved away
    /// @throws Failure when the bytes are not what the digest says; the upload is dropped
    Path finish(String id, Digest digest) throws IOException, Failure {
        Path file = existing(id);
        Upload upload = open.computeIfAbsent(id, _ -> new Upload());
        synchronized (upload) {
            boolean isKnown =
                    upload.hashed == Files.size(file) && digest.algorithm().equals("sha256");
            byte[] hash = isKnown ? upload.hash.digest() : hash(file, digest.hasher());
            if (!digest.matches(hash)) {
                drop(id);
                throw new Failure(Failure.Code.DIGEST_INVALID, digest.toString());
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            return file;
        }
    }

    private static byte[] hash(Path file, MessageDigest hash) throws IOException {
        byte[] chunk = new byte[CHUNK];
        try (InputStream bytes = Files.newInputStream(file)) {
            for (int count; (count = bytes.read(chunk)) >= 0; ) {
                hash.update(chunk, 0, count);
            }
        }
        return hash.digest();
    }

    /// Forgets one.
    void drop(String id) throws IOException {
        open.remove(id);
        Files.deleteIfExists(file(id));
    }

    /// Forgets one that a client gives up.
    void cancel(String id) throws IOException, Failure {
        existing(id);
        drop(id);
    }

    /// Forgets those that nobody touched since.
    void dropOlderThan(Instant oldest) throws IOException {
        for (String id : Disk.names(directory)) {
            if (Files.getLastModifiedTime(file(id)).toInstant().isBefore(oldest)) {
                drop(id);
            }
        }
    }

    private Path existing(String id) throws Failure {
        if (!id.matches("[0-9a-f-]{36}") || !Files.exists(file(id))) {
            throw new Failure(Failure.Code.BLOB_UPLOAD_UNKNOWN, id);
        }
        return file(id);
    }

    private Path file(String id) {
        return directory.resolve(id);
    }
}
