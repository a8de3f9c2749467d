package io.panal.images.registry;

import io.panal.images.reference.Digest;
import io.panal.images.reference.InvalidReferenceException;
import io.panal.images.reference.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Blobs over HTTP: whole, in parts, in one request, or taken over from another repository.
final class Blobs {
    private static final Pattern SENT_RANGE = Pattern.compile("(?:bytes[ =])?([0-9]{1,18})-([0-9]{1,18})(?:/.*)?");
    private static final Pattern ASKED_RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    private final Storage storage;

    Blobs(Storage storage) {
        this.storage = storage;
    }

    void begin(Exchange exchange, String name) throws IOException, Failure {
        String mounted = exchange.parameter("mount");
        String from = exchange.parameter("from");
        if (!mounted.isEmpty() && Reference.isPath(from)) {
            Digest digest = digest(mounted);
            if (storage.mount(name, from, digest)) {
                created(exchange, name, digest);
                return;
            }
        }
        String whole = exchange.parameter("digest");
        String id = storage.uploads().begin();
        if (whole.isEmpty()) {
            accepted(exchange, 202, name, id);
        } else {
            commit(exchange, name, id, digest(whole));
        }
    }

    void progress(Exchange exchange, String name, String id) throws IOException, Failure {
        accepted(exchange, 204, name, id);
    }

    void append(Exchange exchange, String name, String id) throws IOException, Failure {
        storage.uploads().append(id, start(exchange), exchange.body());
        accepted(exchange, 202, name, id);
    }

    /// The last part, if any, and the digest of the whole.
    void commit(Exchange exchange, String name, String id, Digest digest) throws IOException, Failure {
        storage.uploads().append(id, start(exchange), exchange.body());
        storage.commit(name, id, digest);
        created(exchange, name, digest);
    }

    private static long start(Exchange exchange) throws Failure {
        String range = exchange.header("Content-Range");
        if (range.isEmpty()) {
            return -1;
        }
        Matcher match = SENT_RANGE.matcher(range);
        if (!match.matches()) {
            throw new Failure(Failure.Code.BLOB_UPLOAD_INVALID, range);
        }
        return Long.parseLong(match.group(1));
    }

    void read(Exchange exchange, String name, Digest digest) throws IOException, Failure {
        Path file = storage.blob(name, digest);
        long size = Files.size(file);
        Map<String, String> headers = Map.of(
                "Content-Type", "application/octet-stream",
                "Docker-Content-Digest", digest.toString(),
                "ETag", "\"" + digest + "\"",
                "Accept-Ranges", "bytes",
                "Cache-Control", "max-age=31536000");
        Matcher asked = ASKED_RANGE.matcher(exchange.header("Range"));
        if (!asked.matches() || (asked.group(1).isEmpty() && asked.group(2).isEmpty())) {
            exchange.answerFile(200, headers, file, 0, size);
            return;
        }
        boolean isTail = asked.group(1).isEmpty();
        long from = isTail ? Math.max(0, size - Long.parseLong(asked.group(2))) : Long.parseLong(asked.group(1));
        boolean isOpen = isTail || asked.group(2).isEmpty();
        long last = isOpen ? size - 1 : Math.min(size - 1, Long.parseLong(asked.group(2)));
        if (from > last) {
            throw new Failure(Failure.Code.RANGE_INVALID, exchange.header("Range"));
        }
        Map<String, String> ranged = new HashMap<>(headers);
        ranged.put("Content-Range", "bytes %d-%d/%d".formatted(from, last, size));
        exchange.answerFile(206, ranged, file, from, last - from + 1);
    }

    private void accepted(Exchange exchange, int status, String name, String id) throws IOException, Failure {
        long length = storage.uploads().length(id);
        exchange.answer(
                status,
                Map.of(
                        "Location", "/v2/" + name + "/blobs/uploads/" + id,
                        "Docker-Upload-UUID", id,
                        "Range", "0-" + Math.max(0, length - 1)));
    }

    private static void created(Exchange exchange, String name, Digest digest) throws IOException {
        exchange.answer(
                201,
                Map.of("Location", "/v2/" + name + "/blobs/" + digest, "Docker-Content-Digest", digest.toString()));
    }

    private static Digest digest(String text) throws Failure {
        try {
            return Digest.parse(text);
        } catch (InvalidReferenceException wrong) {
            throw new Failure(Failure.Code.DIGEST_INVALID, text);
        }
    }
}
