package io.panal.images.registry;

import io.panal.images.manifest.Manifest;
import io.panal.images.manifest.MediaType;
import io.panal.images.reference.Digest;
import io.panal.images.reference.InvalidReferenceException;
import io.panal.images.reference.Reference;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/// The paths of the distribution specification (1.1, section "Endpoints") and what each does.
final class Routes {
    private static final System.Logger LOG = System.getLogger(Routes.class.getName());
    private static final String JSON = "application/json";

    private final Storage storage;
    private final Blobs blobs;
    private final List<Route> routes;

    Routes(Storage storage) {
        this.storage = storage;
        this.blobs = new Blobs(storage);
        // The first that matches: a name may hold any of the words, so the longer endings come first.
        this.routes = List.of(
                new Route("/v2/?()()", this::hello),
                new Route("/v2/_catalog()()", this::catalog),
                new Route("/v2/(.+)/manifests/([^/]+)", this::manifest),
                new Route("/v2/(.+)/blobs/uploads/?()", this::uploads),
                new Route("/v2/(.+)/blobs/uploads/([^/]+)", this::upload),
                new Route("/v2/(.+)/blobs/([^/]+)", this::blob),
                new Route("/v2/(.+)/tags/list()", this::tags),
                new Route("/v2/(.+)/referrers/([^/]+)", this::referrers));
    }

    /// @param path with the repository's name and the last part as its groups
    private record Route(Pattern path, Action action) {
        Route(String path, Action action) {
            this(Pattern.compile(path), action);
        }
    }

    private interface Action {
        void run(Exchange exchange, String name, String last) throws IOException, Failure;
    }

    /// Answers one request; what a client did wrong and what failed here is answered too.
    void serve(Exchange exchange) throws IOException {
        try {
            route(exchange);
        } catch (Failure failure) {
            answer(exchange, failure.code().status, failure.code().name(), failure.code().words, failure.detail());
        } catch (RequestBody.BrokenOff | ClosedByInterruptException | InterruptedIOException nobodyWaits) {
            throw nobodyWaits;
        } catch (IOException failure) {
            if (exchange.isAnswered()) {
                throw failure;
            }
            LOG.log(
                    Level.WARNING,
                    () -> "request failed method=%s path=%s reason=%s"
                            .formatted(exchange.method(), exchange.path(), failure));
            answer(exchange, 500, "UNKNOWN", "unknown error", String.valueOf(failure.getMessage()));
        }
    }

    private void route(Exchange exchange) throws IOException, Failure {
        for (Route route : routes) {
            Matcher match = route.path.matcher(exchange.path());
            if (match.matches()) {
                String name = match.group(1);
                if (!name.isEmpty() && !Reference.isPath(name)) {
                    throw new Failure(Failure.Code.NAME_INVALID, name);
                }
                route.action.run(exchange, name, match.group(2));
                return;
            }
        }
        throw new Failure(Failure.Code.NOT_FOUND, exchange.path());
    }

    private void hello(Exchange exchange, String name, String last) throws IOException, Failure {
        only(exchange, "GET", "HEAD");
        exchange.answer(200, Map.of("Content-Type", JSON), "{}".getBytes(StandardCharsets.UTF_8));
    }

    private void catalog(Exchange exchange, String name, String last) throws IOException, Failure {
        only(exchange, "GET");
        page(exchange, Map.of(), "repositories", storage.listRepositories());
    }

    private void tags(Exchange exchange, String name, String last) throws IOException, Failure {
        only(exchange, "GET");
        page(exchange, Map.of("name", name), "tags", storage.listTags(name));
    }

    private void uploads(Exchange exchange, String name, String last) throws IOException, Failure {
        only(exchange, "POST");
        blobs.begin(exchange, name);
    }

    private void manifest(Exchange exchange, String name, String selector) throws IOException, Failure {
        switch (exchange.method()) {
            case "GET", "HEAD" -> {
                Manifest manifest = storage.manifest(name, selector);
                String digest = selector.contains(":")
                        ? selector
                        : manifest.descriptor().digest().toString();
                exchange.answer(
                        200,
                        Map.of(
                                "Content-Type",
                                manifest.descriptor().mediaType(),
                                "Docker-Content-Digest",
                                digest,
                                "ETag",
                                "\"" + digest + "\""),
                        manifest.bytes().toArray());
            }
            case "PUT" -> putManifest(exchange, name, selector);
            case "DELETE" -> {
                storage.deleteManifest(name, selector);
                exchange.answer(202, Map.of());
            }
            default -> throw new Failure(Failure.Code.UNSUPPORTED, exchange.method());
        }
    }

    private void putManifest(Exchange exchange, String name, String selector) throws IOException, Failure {
        byte[] bytes = exchange.body().readNBytes(Manifest.LARGEST_BYTES + 1);
        if (bytes.length > Manifest.LARGEST_BYTES) {
            throw new Failure(Failure.Code.SIZE_INVALID, "a manifest has at most 4 MiB");
        }
        boolean isTag = !selector.contains(":");
        if (isTag && !Reference.isTag(selector)) {
            throw new Failure(Failure.Code.TAG_INVALID, selector);
        }
        Digest digest = isTag ? Digest.of(bytes) : digest(selector);
        if (!digest.matches(digest.hasher().digest(bytes))) {
            throw new Failure(Failure.Code.DIGEST_INVALID, selector);
        }
        Manifest manifest = parse(bytes, exchange.header("Content-Type"));
        storage.put(name, selector, manifest, digest);
        Map<String, String> headers = new HashMap<>(
                Map.of("Location", "/v2/" + name + "/manifests/" + digest, "Docker-Content-Digest", digest.toString()));
        manifest.subject()
                .ifPresent(
                        subject -> headers.put("OCI-Subject", subject.digest().toString()));
        exchange.answer(201, headers);
    }

    private static Manifest parse(byte[] bytes, String contentType) throws Failure {
        try {
            return Manifest.parse(bytes, contentType);
        } catch (IOException unreadable) {
            throw new Failure(Failure.Code.MANIFEST_INVALID, String.valueOf(unreadable.getMessage()));
        }
    }

    private void upload(Exchange exchange, String name, String id) throws IOException, Failure {
        switch (exchange.method()) {
            case "GET" -> blobs.progress(exchange, name, id);
            case "PATCH" -> blobs.append(exchange, name, id);
            case "PUT" -> blobs.commit(exchange, name, id, digest(exchange.parameter("digest")));
            case "DELETE" -> {
                storage.uploads().cancel(id);
                exchange.answer(204, Map.of());
            }
            default -> throw new Failure(Failure.Code.UNSUPPORTED, exchange.method());
        }
    }

    private void blob(Exchange exchange, String name, String text) throws IOException, Failure {
        Digest digest = digest(text);
        switch (exchange.method()) {
            case "GET", "HEAD" -> blobs.read(exchange, name, digest);
            case "DELETE" -> {
                storage.deleteBlob(name, digest);
                exchange.answer(202, Map.of());
            }
            default -> throw new Failure(Failure.Code.UNSUPPORTED, exchange.method());
        }
    }

    private void referrers(Exchange exchange, String name, String text) throws IOException, Failure {
        only(exchange, "GET");
        Digest subject = digest(text);
        String wanted = exchange.parameter("artifactType");
        List<Map<String, Object>> descriptors = storage.listReferrers(name, subject).stream()
                .filter(one -> wanted.isEmpty() || one.artifactType().equals(wanted))
                .map(Routes::descriptor)
                .toList();
        Map<String, String> headers = new HashMap<>(Map.of("Content-Type", MediaType.OCI_INDEX));
        if (!wanted.isEmpty()) {
            headers.put("OCI-Filters-Applied", "artifactType");
        }
        Map<String, Object> index =
                Map.of("schemaVersion", 2, "mediaType", MediaType.OCI_INDEX, "manifests", descriptors);
        exchange.answer(200, headers, JsonMapper.shared().writeValueAsBytes(index));
    }

    private static Map<String, Object> descriptor(Manifest manifest) {
        return Map.of(
                "mediaType", manifest.descriptor().mediaType(),
                "digest", manifest.descriptor().digest().toString(),
                "size", manifest.descriptor().size(),
                "artifactType", manifest.artifactType(),
                "annotations", manifest.descriptor().annotations());
    }

    private static void page(Exchange exchange, Map<String, Object> frame, String field, List<String> all)
            throws IOException, Failure {
        String last = exchange.parameter("last");
        List<String> after =
                all.stream().filter(name -> name.compareTo(last) > 0).toList();
        int size = pageSize(exchange, after.size());
        List<String> shown = after.subList(0, size);
        Map<String, String> headers = new HashMap<>(Map.of("Content-Type", JSON));
        if (size < after.size() && size > 0) {
            headers.put("Link", "<%s?last=%s&n=%d>; rel=\"next\"".formatted(exchange.path(), shown.getLast(), size));
        }
        Map<String, Object> body = new HashMap<>(frame);
        body.put(field, shown);
        exchange.answer(200, headers, JsonMapper.shared().writeValueAsBytes(body));
    }

    private static int pageSize(Exchange exchange, int available) throws Failure {
        String asked = exchange.parameter("n");
        if (asked.isEmpty()) {
            return available;
        }
        if (!asked.matches("[0-9]{1,9}")) {
            throw new Failure(Failure.Code.PAGINATION_NUMBER_INVALID, asked);
        }
        return Math.min(available, Integer.parseInt(asked));
    }

    private static Digest digest(String text) throws Failure {
        try {
            return Digest.parse(text);
        } catch (InvalidReferenceException wrong) {
            throw new Failure(Failure.Code.DIGEST_INVALID, text);
        }
    }

    private static void only(Exchange exchange, String... methods) throws Failure {
        if (!List.of(methods).contains(exchange.method())) {
            throw new Failure(Failure.Code.UNSUPPORTED, exchange.method());
        }
    }

    private static void answer(Exchange exchange, int status, String code, String message, String detail)
            throws IOException {
        Map<String, Object> error =
                Map.of("errors", List.of(Map.of("code", code, "message", message, "detail", detail)));
        exchange.answer(
                status, Map.of("Content-Type", JSON), JsonMapper.shared().writeValueAsBytes(error));
    }
}
