package io.panal.node.engine;

import io.panal.core.codec.Codec;
import io.panal.images.client.RegistryException;
import io.panal.images.reference.Reference;
import io.panal.images.transfer.Progress;
import io.panal.node.build.Build;
import io.panal.node.build.BuildException;
import io.panal.node.build.Builder;
import io.panal.node.containers.ContainersException;
import io.panal.node.containers.ImageStore;
import io.panal.node.containers.OutputReceiver;
import io.panal.node.containers.StoredImage;
import io.panal.node.http.Call;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import io.panal.node.images.LocalImages;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `/build`: the classic builder.
final class BuildCalls {
    private final HostParts host;
    private final LocalImages images;
    private final ImageStore store;
    private final ImageNames names;
    private final EventFeed events;

    BuildCalls(HostParts host, LocalImages images, EventFeed events) {
        this.host = host;
        this.images = images;
        this.store = images.store();
        this.names = new ImageNames(store);
        this.events = events;
    }

    void routes(Router router) {
        router.on("POST", "/build", this::build).on("POST", "/build/prune", this::prune);
    }

    private void build(Call call) throws IOException {
        String remote = call.query().text("remote");
        if (!remote.isEmpty() || call.query().text("version").equals("2")) {
            throw new Refusal(
                    501,
                    remote.isEmpty()
                            ? "BuildKit is not here: build with DOCKER_BUILDKIT=0"
                            : "building from a URL is not supported: fetch %s and build the directory"
                                    .formatted(remote));
        }
        List<Reference> tags = new ArrayList<>();
        for (String tag : call.query().all("t")) {
            if (!tag.isEmpty()) {
                tags.add(RegistryCalls.reference(tag).taggedByDefault());
            }
        }
        var lines = new ProgressLines(call.exchange());
        // `docker build -q` prints all that it is sent: that is the image's name, or what led to the failure.
        boolean quiet = call.query().isSet("q");
        var withheld = new StringWriter();
        Consumer<String> steps = quiet ? withheld::write : lines::text;
        try (Spool spool = Spool.of(call.exchange().body())) {
            StoredImage image = build(call, spool, lines, steps);
            finish(image, tags, lines, steps);
            if (quiet) {
                lines.text(image.configuration().id() + "\n");
            }
            lines.close();
        } catch (BuildException failed) {
            if (quiet) {
                lines.text(withheld.toString());
            }
            lines.fail(new Refusal(400, String.valueOf(failed.getMessage())), failed.code());
        } catch (RegistryException failed) {
            lines.fail(RegistryCalls.refusal(failed));
        } catch (ContainersException failed) {
            lines.fail(ContainerLookup.refusal(failed));
        } catch (Refusal refusal) {
            lines.fail(refusal);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the client has left");
        }
    }

    private StoredImage build(Call call, Spool spool, ProgressLines lines, Consumer<String> steps)
            throws IOException, InterruptedException {
        String file = call.query().text("dockerfile");
        Build build = new Build(
                Builder.dockerfile(spool.archive(), file.isEmpty() ? "Dockerfile" : file),
                spool.archive(),
                texts(call, "buildargs"),
                texts(call, "labels"),
                call.query().text("target"),
                !call.query().isSet("nocache"));
        Consumer<Progress> pulled = call.query().isSet("q") ? _ -> {} : lines::accept;
        Build.Bases bases = name -> base(call, name, pulled);
        var surroundings = new Build.Surroundings(
                host.containers(), bases, new BuildRuns(host, call.query().text("networkmode")), spool.directory());
        return Builder.run(build, surroundings, new Build.Telling() {
            @Override
            public void text(String text) {
                steps.accept(text);
            }

            @Override
            public OutputReceiver output() {
                return (_, bytes) -> steps.accept(new String(bytes, StandardCharsets.UTF_8));
            }
        });
    }

    private static Map<String, String> texts(Call call, String key) throws Refusal {
        Map<String, String> texts = new TreeMap<>();
        String json = call.query().text(key);
        try {
            if (!json.isEmpty()) {
                for (var entry :
                        Codec.JSON.parse(json.getBytes(StandardCharsets.UTF_8)).properties()) {
                    texts.put(entry.getKey(), entry.getValue().asString(""));
                }
            }
            return texts;
        } catch (Codec.Malformed wrong) {
            throw new Refusal(400, "error reading build args: " + wrong.getMessage());
        }
    }

    private StoredImage base(Call call, String name, Consumer<Progress> pulled) throws IOException {
        Optional<StoredImage> here = names.find(name);
        if (here.isPresent() && !call.query().isSet("pull")) {
            return here.get();
        }
        Reference reference = RegistryCalls.reference(name).taggedByDefault();
        images.pull(reference, RegistryCalls.credentials(authority(call, reference)), pulled);
        return names.require(name);
    }

    /// Of the header `X-Registry-Config`, base 64 of the credentials by registry, the one registry's.
    private static String authority(Call call, Reference name) {
        try {
            String header = call.exchange().header("X-Registry-Config").orElse("");
            JsonNode all = Codec.JSON.parse(Base64.getUrlDecoder()
                    .decode(header.isEmpty() ? "e30" : header.replace('+', '-').replace('/', '_')));
            String host = name.domain();
            JsonNode own = host.equals(Reference.DEFAULT_DOMAIN)
                    ? all.path("https://index.%s/v1/".formatted(Reference.DEFAULT_DOMAIN))
                    : all.path(host);
            return own.isObject()
                    ? Base64.getUrlEncoder().encodeToString(own.toString().getBytes(StandardCharsets.UTF_8))
                    : "";
        } catch (IllegalArgumentException | Codec.Malformed unreadable) {
            return "";
        }
    }

    private void finish(StoredImage image, List<Reference> tags, ProgressLines lines, Consumer<String> steps)
            throws IOException {
        String id = image.configuration().id();
        String known = image.names().getFirst();
        if (tags.isEmpty() && image.names().stream().allMatch(name -> name.startsWith(ImageStore.BUILD_STEP))) {
            store.tag(known, CommitCalls.unnamed());
        }
        lines.aside(Replies.object().put("ID", id));
        steps.accept("Successfully built %s\n"
                .formatted(id.replaceFirst("^sha256:", "").substring(0, 12)));
        for (Reference tag : tags) {
            store.tag(known, ImageNames.stored(tag));
            events.publishLocal("image", "tag", id, Map.of("name", tag.familiar()), Instant.now());
            steps.accept("Successfully tagged %s\n".formatted(tag.familiar()));
        }
    }

    /// What single steps came to is forgotten; the next build does them anew.
    private void prune(Call call) throws IOException {
        ObjectNode node = Replies.object();
        var deleted = node.putArray("CachesDeleted");
        long reclaimed = 0;
        for (StoredImage image : store.list()) {
            boolean only = image.names().stream().allMatch(name -> name.startsWith(ImageStore.BUILD_STEP));
            for (String name : image.names()) {
                if (name.startsWith(ImageStore.BUILD_STEP)) {
                    store.remove(name);
                }
            }
            if (only) {
                deleted.add(image.configuration().id());
                reclaimed += image.sizeBytes();
            }
        }
        events.publishPruned("builder", reclaimed);
        node.put("SpaceReclaimed", reclaimed);
        Replies.json(call, 200, node);
    }
}
