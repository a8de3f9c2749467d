package io.panal.images.registry;

import io.panal.images.manifest.Descriptor;
import io.panal.images.manifest.Manifest;
import io.panal.images.reference.Digest;
import io.panal.images.reference.InvalidReferenceException;
import io.panal.images.reference.Reference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;

/// Repositories on the disk.
///
/// `blobs/` holds content by digest, once for all repositories. `repositories/NAME/` says what is whose:
/// `_blobs` and `_manifests` by digest, `_tags` by name, `_referrers` by subject. `uploads/` and `drafts/`
/// hold what is not yet whole. A name's part never begins with an underscore, so the two never meet.
final class Storage {
    private static final Duration UPLOAD_AGE = Duration.ofDays(7);

    private final Path root;
    private final Uploads uploads;
    /// Shared by those who add links to content, exclusive for who removes content.
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    private Storage(Path root) {
        this.root = root;
        this.uploads = new Uploads(root.resolve("uploads"));
    }

    /// Opens or begins a directory; drafts of an earlier life are dropped, its uploads can be taken up again.
    static Storage open(Path root) throws IOException {
        Disk.remove(root.resolve("drafts"));
        for (String part : List.of("drafts", "uploads", "blobs", "repositories")) {
            Files.createDirectories(root.resolve(part));
        }
        Storage storage = new Storage(root);
        storage.uploads.dropOlderThan(Instant.now().minus(UPLOAD_AGE));
        return storage;
    }

    Uploads uploads() {
        return uploads;
    }

    /// A blob's file.
    Path blob(String repository, Digest digest) throws Failure {
        Path file = content(digest);
        if (!Files.exists(blobLink(repository, digest)) || !Files.exists(file)) {
            throw new Failure(Failure.Code.BLOB_UNKNOWN, digest.toString());
        }
        return file;
    }

    /// Takes a blob over from another repository.
    ///
    /// @return whether that one had it
    boolean mount(String repository, String from, Digest digest) throws IOException {
        lock.readLock().lock();
        try {
            if (!Files.exists(blobLink(from, digest)) || !Files.exists(content(digest))) {
                return false;
            }
            link(blobLink(repository, digest), "");
            return true;
        } finally {
            lock.readLock().unlock();
        }
    }

    /// Makes a finished upload a blob of the repository.
    ///
    /// @throws Failure when its bytes are not what the digest says; the upload is gone then
    void commit(String repository, String upload, Digest digest) throws IOException, Failure {
        Path draft = uploads.finish(upload, digest);
        lock.readLock().lock();
        try {
            Disk.publish(draft, content(digest));
            link(blobLink(repository, digest), "");
        } finally {
            lock.readLock().unlock();
        }
        uploads.drop(upload);
    }

    /// Removes a blob from the repository, and its content when no other has it.
    void deleteBlob(String repository, Digest digest) throws IOException, Failure {
        blob(repository, digest);
        lock.writeLock().lock();
        try {
            Files.deleteIfExists(blobLink(repository, digest));
            dropUnlinked(digest);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /// The manifest under a tag or digest.
    Manifest manifest(String repository, String selector) throws IOException, Failure {
        Digest digest = resolve(repository, selector);
        Path file = manifestLink(repository, digest);
        if (!Files.exists(file) || !Files.exists(content(digest))) {
            throw unknown(selector);
        }
        return Manifest.parse(Files.readAllBytes(content(digest)), Files.readString(file));
    }

    private Digest resolve(String repository, String selector) throws IOException, Failure {
        try {
            if (selector.contains(":")) {
                return Digest.parse(selector);
            }
            Path tag = tags(repository).resolve(selector);
            if (!Reference.isTag(selector) || !Files.exists(tag)) {
                throw unknown(selector);
            }
            return Digest.parse(Files.readString(tag));
        } catch (InvalidReferenceException wrong) {
            throw new Failure(Failure.Code.DIGEST_INVALID, selector);
        }
    }

    private static Failure unknown(String selector) {
        return new Failure(Failure.Code.MANIFEST_UNKNOWN, "unknown tag=" + selector);
    }

    /// Keeps a manifest whose parts are all here, and points the tag at it if it came by one.
    void put(String repository, String selector, Manifest manifest, Digest digest) throws IOException, Failure {
        lock.readLock().lock();
        try {
            checkParts(repository, manifest);
            if (!Files.exists(content(digest))) {
                Disk.write(content(digest), manifest.bytes().toArray(), drafts());
            }
            link(manifestLink(repository, digest), manifest.descriptor().mediaType());
            Descriptor subject = manifest.subject().orElse(null);
            if (subject != null) {
                link(referrers(repository, subject.digest()).resolve(fileName(digest)), "");
            }
            if (Reference.isTag(selector)) {
                link(tags(repository).resolve(selector), digest.toString());
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    private void checkParts(String repository, Manifest manifest) throws Failure {
        List<Path> links = new ArrayList<>();
        switch (manifest) {
            case Manifest.Image image -> {
                links.add(blobLink(repository, image.config().digest()));
                image.layers().stream()
                        .filter(layer -> !layer.isForeign())
                        .forEach(layer -> links.add(blobLink(repository, layer.digest())));
            }
            case Manifest.Index index ->
                index.manifests().forEach(one -> links.add(manifestLink(repository, one.digest())));
        }
        for (Path link : links) {
            if (!Files.exists(link)) {
                throw new Failure(
                        Failure.Code.MANIFEST_BLOB_UNKNOWN,
                        link.getFileName().toString().replace('-', ':'));
            }
        }
    }

    /// Removes a tag, or a manifest by digest with all its tags.
    void deleteManifest(String repository, String selector) throws IOException, Failure {
        Manifest manifest = manifest(repository, selector);
        lock.writeLock().lock();
        try {
            if (Reference.isTag(selector)) {
                Files.deleteIfExists(tags(repository).resolve(selector));
                return;
            }
            Digest digest = resolve(repository, selector);
            for (String tag : Disk.names(tags(repository))) {
                if (Files.readString(tags(repository).resolve(tag)).equals(selector)) {
                    Files.deleteIfExists(tags(repository).resolve(tag));
                }
            }
            Files.deleteIfExists(manifestLink(repository, digest));
            Descriptor subject = manifest.subject().orElse(null);
            if (subject != null) {
                Files.deleteIfExists(referrers(repository, subject.digest()).resolve(fileName(digest)));
            }
            dropUnlinked(digest);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /// All tags of a repository, sorted.
    List<String> listTags(String repository) throws IOException, Failure {
        if (!Files.isDirectory(manifests(repository))) {
            throw new Failure(Failure.Code.NAME_UNKNOWN, repository);
        }
        return Disk.names(tags(repository));
    }

    /// All repositories that have a manifest, sorted.
    List<String> listRepositories() throws IOException {
        Path all = root.resolve("repositories");
        try (Stream<Path> files = Files.walk(all)) {
            return files.map(file -> all.relativize(file).toString())
                    .filter(file -> file.contains("/_manifests/"))
                    .map(file -> file.substring(0, file.indexOf("/_manifests/")))
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    /// The attachments of a manifest, as descriptors (OCI referrers).
    List<Manifest> listReferrers(String repository, Digest subject) throws IOException, Failure {
        List<Manifest> found = new ArrayList<>();
        for (String name : Disk.names(referrers(repository, subject))) {
            found.add(manifest(repository, name.replace('-', ':')));
        }
        return found;
    }

    private void dropUnlinked(Digest digest) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve("repositories"))) {
            boolean isLinked = files.anyMatch(file ->
                    file.endsWith("_blobs/" + fileName(digest)) || file.endsWith("_manifests/" + fileName(digest)));
            if (!isLinked) {
                Files.deleteIfExists(content(digest));
            }
        }
    }

    private void link(Path link, String content) throws IOException {
        if (!Files.exists(link) || !Files.readString(link).equals(content)) {
            Disk.write(link, content.getBytes(StandardCharsets.UTF_8), drafts());
        }
    }

    private Path drafts() {
        return root.resolve("drafts");
    }

    private Path content(Digest digest) {
        return root.resolve("blobs")
                .resolve(digest.algorithm())
                .resolve(digest.hex().substring(0, 2))
                .resolve(digest.hex());
    }

    private Path repository(String name) {
        return root.resolve("repositories").resolve(name);
    }

    private Path blobLink(String repository, Digest digest) {
        return repository(repository).resolve("_blobs").resolve(fileName(digest));
    }

    private Path manifests(String repository) {
        return repository(repository).resolve("_manifests");
    }

    private Path manifestLink(String repository, Digest digest) {
        return manifests(repository).resolve(fileName(digest));
    }

    private Path tags(String repository) {
        return repository(repository).resolve("_tags");
    }

    private Path referrers(String repository, Digest subject) {
        return repository(repository).resolve("_referrers").resolve(fileName(subject));
    }

    private static String fileName(Digest digest) {
        return digest.algorithm() + "-" + digest.hex();
    }
}
