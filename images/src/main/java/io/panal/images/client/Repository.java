package io.panal.images.client;

import io.panal.images.client.Session.Call;
import io.panal.images.manifest.Descriptor;
import io.panal.images.manifest.Manifest;
import io.panal.images.manifest.MediaType;
import io.panal.images.reference.Digest;
import io.panal.images.reference.InvalidReferenceException;
import io.panal.images.reference.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/// One repository of a registry under one login; any number of threads may call at once.
///
/// Every method throws [RegistryException] when the registry refuses or cannot be reached.
public final class Repository {
    private static final Map<String, String> ANY_MANIFEST = Map.of("Accept", String.join(", ", MediaType.MANIFESTS));

    private final Session session;
    private final Reference name;

    Repository(Session session, Reference name) {
        this.session = session;
        this.name = name;
    }

    /// Which repository.
    public Reference name() {
        return name;
    }

    /// What a tag or digest stands for, without fetching it.
    ///
    /// @return empty when there is none, or the registry does not say
    public Optional<Descriptor> resolve(String selector) throws IOException {
        HttpResponse<InputStream> response = session.send(new Call("HEAD", manifestPath(selector), ANY_MANIFEST));
        response.body().close();
        if (response.statusCode() != 200) {
            return Optional.empty();
        }
        String type = response.headers().firstValue("Content-Type").orElse("");
        long size = response.headers().firstValueAsLong("Content-Length").orElse(-1);
        String digest = response.headers().firstValue("Docker-Content-Digest").orElse("");
        try {
            boolean isWhole = size > 0 && MediaType.MANIFESTS.contains(type);
            return isWhole ? Optional.of(new Descriptor(type, Digest.parse(digest), size)) : Optional.empty();
        } catch (InvalidReferenceException unusable) {
            return Optional.empty();
        }
    }

    /// The manifest or index under a tag or digest.
    public Manifest manifest(String selector) throws IOException {
        HttpResponse<InputStream> response =
                Session.expect(session.send(new Call("GET", manifestPath(selector), ANY_MANIFEST)), 200);
        byte[] bytes;
        try (InputStream body = response.body()) {
            bytes = body.readNBytes(Manifest.LARGEST_BYTES + 1);
        }
        if (bytes.length > Manifest.LARGEST_BYTES) {
            throw RegistryException.refused("manifest of %s is larger than 4 MiB".formatted(name.familiar()));
        }
        if (Digest.isDigest(selector)
                && !selector.equals(digest(selector, bytes).toString())) {
            throw RegistryException.refused("manifest verification failed for digest " + selector);
        }
        try {
            return Manifest.parse(
                    bytes, response.headers().firstValue("Content-Type").orElse(""));
        } catch (RegistryException told) {
            throw told;
        } catch (IOException unreadable) {
            throw RegistryException.refused(String.valueOf(unreadable.getMessage()));
        }
    }

    private static Digest digest(String selector, byte[] bytes) {
        try {
            Digest wanted = Digest.parse(selector);
            return wanted.matches(wanted.hasher().digest(bytes)) ? wanted : Digest.of(bytes);
        } catch (InvalidReferenceException impossible) {
            throw new IllegalStateException("digest that was one: " + selector, impossible);
        }
    }

    /// A blob's bytes from an offset on; not verified, the caller does.
    public InputStream blob(Descriptor blob, long offset) throws IOException {
        Map<String, String> range = offset == 0 ? Map.of() : Map.of("Range", "bytes=" + offset + "-");
        HttpResponse<InputStream> response =
                Session.expect(session.send(new Call("GET", blobPath(blob.digest()), range)), 200, 206);
        if (offset > 0 && response.statusCode() == 200) {
            response.body().skipNBytes(offset);
        }
        return response.body();
    }

    /// Whether the repository has a blob.
    public boolean holds(Digest blob) throws IOException {
        HttpResponse<InputStream> response = session.send(new Call("HEAD", blobPath(blob)));
        if (response.statusCode() == 404) {
            response.body().close();
            return false;
        }
        Session.expect(response, 200).body().close();
        return true;
    }

    /// Sends a blob, in one stream that is taken up again where it broke.
    ///
    /// @param sent told the bytes sent so far
    public void push(Descriptor blob, BlobSource source, LongConsumer sent) throws IOException {
        HttpResponse<InputStream> opened = Session.expect(session.send(new Call("POST", uploadsPath())), 202);
        new BlobUpload(session, location(opened), blob, source, sent).run();
    }

    /// Takes a blob over from another repository of the same registry, else sends it.
    ///
    /// @return whether nothing had to be sent
    public boolean mountOrPush(Descriptor blob, Reference from, BlobSource source, LongConsumer sent)
            throws IOException {
        String query = "?mount=" + blob.digest() + "&from=" + from.path();
        HttpResponse<InputStream> opened =
                Session.expect(session.send(new Call("POST", uploadsPath() + query)), 201, 202);
        if (opened.statusCode() == 201) {
            opened.body().close();
            return true;
        }
        new BlobUpload(session, location(opened), blob, source, sent).run();
        return false;
    }

    private static String location(HttpResponse<InputStream> opened) throws IOException {
        opened.body().close();
        String location = opened.headers()
                .firstValue("Location")
                .orElseThrow(() -> RegistryException.refused("the registry opened an upload without saying where"));
        return opened.uri().resolve(location).toString();
    }

    /// Puts a manifest under a tag or under its own digest.
    public void put(Manifest manifest, String selector) throws IOException {
        Map<String, String> type = Map.of("Content-Type", manifest.descriptor().mediaType());
        Call call = new Call("PUT", manifestPath(selector), type);
        Session.expect(session.send(call, manifest.bytes().toArray()), 201, 200, 202)
                .body()
                .close();
    }

    /// Removes a manifest, or only a tag where the registry can.
    public void delete(String selector) throws IOException {
        Session.expect(session.send(new Call("DELETE", manifestPath(selector))), 202, 200)
                .body()
                .close();
    }

    /// All tags, sorted as the registry does.
    public List<String> tags() throws IOException {
        return Pages.all(session, path() + "/tags/list?n=1000", "tags");
    }

    private String path() {
        return "/v2/" + name.path();
    }

    private String manifestPath(String selector) {
        return path() + "/manifests/" + selector;
    }

    private String blobPath(Digest digest) {
        return path() + "/blobs/" + digest;
    }

    private String uploadsPath() {
        return path() + "/blobs/uploads/";
    }
}
