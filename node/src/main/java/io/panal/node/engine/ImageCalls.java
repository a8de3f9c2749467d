package io.panal.node.engine;

import io.panal.core.api.Filters;
import io.panal.core.codec.Codec;
import io.panal.images.client.RegistryException;
import io.panal.images.manifest.Descriptor;
import io.panal.images.manifest.MediaType;
import io.panal.images.reference.Digest;
import io.panal.images.reference.InvalidReferenceException;
import io.panal.images.reference.Reference;
import io.panal.images.transfer.Progress;
import io.panal.node.containers.Container;
import io.panal.node.containers.Containers;
import io.panal.node.containers.ContainersException;
import io.panal.node.containers.ImageStore;
import io.panal.node.containers.StoredImage;
import io.panal.node.http.Call;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import io.panal.node.images.LocalImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/images`.
final class ImageCalls {
    private static final List<String> FILTERS = List.of("before", "dangling", "label", "reference", "since", "until");

    private final LocalImages images;
    private final ImageStore store;
    private final Containers containers;
    private final ImageNames names;
    private final ImagePortraits portraits;
    private final EventFeed events;
    private final CommitCalls commits;

    ImageCalls(LocalImages images, Containers containers, EventFeed events, CommitCalls commits) {
        this.commits = commits;
        this.images = images;
        this.store = images.store();
        this.containers = containers;
        this.names = new ImageNames(store);
        this.portraits = new ImagePortraits(store);
        this.events = events;
    }

    void routes(Router router) {
        router.on("GET", "/images/json", this::list)
                .on("POST", "/images/create", this::create)
                .on("POST", "/images/prune", this::prune)
                .on("GET", "/images/{name...}/json", this::inspect)
                .on("GET", "/images/{name...}/history", this::history)
                .on("POST", "/images/{name...}/tag", this::tag)
                .on("POST", "/images/{name...}/push", this::push)
                .on("DELETE", "/images/{name...}", this::remove);
    }

    private void tell(String action, String id, String name) {
        events.publishLocal("image", action, id, Map.of("name", name), Instant.now());
    }

    private void list(Call call) throws IOException {
        Filters filters = Filters.of(call.query(), FILTERS);
        ArrayNode list = Replies.object().putArray("list");
        for (ImagePortraits.Shown shown : portraits.all()) {
            boolean dangling = shown.tags().isEmpty();
            boolean fits = filters.labels("label", shown.image().configuration().labels())
                    && (filters.all("dangling").isEmpty()
                            || filters.exact("dangling", String.valueOf(dangling))
                            || filters.exact("dangling", dangling ? "1" : "0"))
                    && (filters.all("reference").isEmpty()
                            || filters.all("reference").stream().anyMatch(pattern -> matches(pattern, shown)));
            boolean hidden = shown.isStep() && !call.query().isSet("all");
            if (fits && !hidden) {
                list.add(ImagePortraits.listed(shown, -1));
            }
        }
        Replies.json(call, 200, list);
    }

    /// Go's `path.Match`: a star stands for anything but a slash.
    private static boolean matches(String pattern, ImagePortraits.Shown shown) {
        String expression =
                "\\Q" + pattern.replace("\\E", "").replace("*", "\\E[^/]*\\Q").replace("?", "\\E[^/]\\Q") + "\\E";
        return shown.tags().stream()
                .anyMatch(tag -> tag.matches(expression)
                        || tag.replaceFirst(":[^:/]*$", "").matches(expression));
    }

    private StoredImage require(String name) throws IOException {
        return names.find(name)
                .orElseThrow(() -> new Refusal(
                        404, "no such image: %s: No such image: %s".formatted(name, ImageNames.familiar(name))));
    }

    private StoredImage requirePlainly(String name) throws IOException {
        return names.find(name).orElseThrow(() -> new Refusal(404, "No such image: " + ImageNames.familiar(name)));
    }

    private void inspect(Call call) throws IOException {
        Replies.json(call, 200, ImagePortraits.inspected(portraits.shown(require(call.name("name")))));
    }

    private void history(Call call) throws IOException {
        Replies.json(call, 200, ImagePortraits.history(portraits.shown(requirePlainly(call.name("name")))));
    }

    private void create(Call call) throws IOException {
        String from = call.query().text("fromImage");
        if (from.isEmpty()) {
            commits.load(call);
            return;
        }
        String tag = call.query().text("tag");
        String separator = Digest.isDigest(tag) ? "@" : ":";
        Reference name = RegistryCalls.reference(tag.isEmpty() ? from : from + separator + tag);
        var lines = new ProgressLines(call.exchange());
        try {
            images.pull(name, RegistryCalls.credentials(call), lines::accept);
            tell("pull", name.familiar(), name.familiarName());
            lines.close();
        } catch (RegistryException failure) {
            lines.fail(RegistryCalls.refusal(failure));
        } catch (ContainersException failure) {
            lines.fail(ContainerLookup.refusal(failure));
        }
    }

    private void tag(Call call) throws IOException {
        String source = call.name("name");
        StoredImage image = requirePlainly(source);
        String tag = call.query().text("tag");
        Reference target = RegistryCalls.reference(
                tag.isEmpty() ? call.query().text("repo") : call.query().text("repo") + ":" + tag);
        store.tag(image.names().getFirst(), ImageNames.stored(target));
        tell("tag", image.configuration().id(), target.familiar());
        Replies.empty(call, 201);
    }

    private void push(Call call) throws IOException {
        String tag = call.query().text("tag");
        Reference name = RegistryCalls.reference(tag.isEmpty() ? call.name("name") : call.name("name") + ":" + tag);
        Optional<StoredImage> image = store.find(ImageNames.stored(name));
        var lines = new ProgressLines(call.exchange());
        if (image.isEmpty()) {
            lines.accept(Progress.line("The push refers to repository [%s]".formatted(name.name())));
            lines.fail(new Refusal(404, "An image does not exist locally with the tag: " + name.familiarName()));
            return;
        }
        try {
            Descriptor pushed = images.push(name, target(image.get()), RegistryCalls.credentials(call), lines::accept);
            // From now on it is known by what the registry calls it as well, where it went up as it is.
            if (pushed.digest().toString().equals(image.get().digest())) {
                store.tag(ImageNames.stored(name), name.name() + "@" + pushed.digest());
            }
            tell("push", name.familiar(), name.familiarName());
            lines.close();
        } catch (RegistryException failure) {
            lines.fail(RegistryCalls.refusal(failure));
        }
    }

    private Descriptor target(StoredImage image) throws IOException {
        byte[] document = store.readAll(image.digest());
        String said = Codec.JSON.parse(document).path("mediaType").asString("");
        boolean index = new String(document, StandardCharsets.UTF_8).contains("\"manifests\"");
        String fallback = index ? MediaType.OCI_INDEX : MediaType.OCI_MANIFEST;
        try {
            return new Descriptor(said.isEmpty() ? fallback : said, Digest.parse(image.digest()), document.length);
        } catch (InvalidReferenceException broken) {
            throw new IOException("the image's digest is unreadable: " + image.digest(), broken);
        }
    }

    private List<Container> users(StoredImage image) throws ContainersException {
        String id = image.configuration().id();
        List<Container> users = new ArrayList<>();
        for (Container container : containers.list()) {
            boolean same = store.find(container.plan().image())
                    .filter(own -> own.configuration().id().equals(id))
                    .isPresent();
            if (same || container.image().equals(image.digest())) {
                users.add(container);
            }
        }
        return users;
    }

    /// By a name only that name goes, and the image with its last one; by its id all names go.
    private void remove(Call call) throws IOException {
        String asked = call.name("name");
        StoredImage image = requirePlainly(asked);
        ImagePortraits.Shown shown = portraits.shown(image);
        boolean byName = names.isName(asked);
        boolean last = !byName || shown.tags().size() <= 1;
        boolean force = call.query().isSet("force");
        List<Container> users = users(image);
        if (last && !force && !users.isEmpty()) {
            throw inUse(asked, byName, image, users.getFirst());
        }
        if (!byName && shown.tags().size() > 1 && !force) {
            throw new Refusal(
                    409,
                    "conflict: unable to delete %s (must be forced) - image is referenced in multiple repositories"
                            .formatted(brief(image)));
        }
        ArrayNode deleted = Replies.object().putArray("deleted");
        List<String> going = last ? shown.names() : List.of(ImageNames.stored(RegistryCalls.reference(asked)));
        for (String name : going) {
            store.remove(name);
            if (!ImageStore.isInternal(name)) {
                deleted.addObject().put("Untagged", ContainerPortraits.familiar(name));
            }
            tell("untag", image.configuration().id(), ContainerPortraits.familiar(name));
        }
        if (last) {
            deleted.addObject().put("Deleted", image.configuration().id());
            tell("delete", image.configuration().id(), image.configuration().id());
        }
        Replies.json(call, 200, deleted);
    }

    private static String brief(StoredImage image) {
        return image.configuration().id().replaceFirst("^sha256:", "").substring(0, 12);
    }

    private static Refusal inUse(String asked, boolean byName, StoredImage image, Container user) {
        String id = user.id().substring(0, 12);
        if (byName) {
            return new Refusal(
                    409,
                    "conflict: unable to remove repository reference \"%s\" (must force) - container %s is using its referenced image %s"
                            .formatted(asked, id, brief(image)));
        }
        String how = user.state().isRunning()
                ? "cannot be forced) - image is being used by running"
                : "must be forced) - image is being used by stopped";
        return new Refusal(409, "conflict: unable to delete %s (%s container %s".formatted(brief(image), how, id));
    }

    private void prune(Call call) throws IOException {
        PruneFilters filters = PruneFilters.of(call.query(), Instant.now(), "dangling");
        List<String> dangling = filters.filters().all("dangling");
        boolean all = dangling.contains("false") || dangling.contains("0");
        ObjectNode node = Replies.object();
        ArrayNode deleted = node.putArray("ImagesDeleted");
        long reclaimed = 0;
        for (ImagePortraits.Shown shown : portraits.all()) {
            boolean wanted =
                    (all || shown.tags().isEmpty()) && users(shown.image()).isEmpty();
            if (wanted
                    && filters.fits(
                            shown.image().configuration().labels(),
                            shown.image().createdAt())) {
                String id = shown.image().configuration().id();
                for (String name : shown.names()) {
                    store.remove(name);
                    deleted.addObject().put("Untagged", ContainerPortraits.familiar(name));
                    tell("untag", id, ContainerPortraits.familiar(name));
                }
                deleted.addObject().put("Deleted", id);
                tell("delete", id, id);
                reclaimed += shown.image().sizeBytes();
            }
        }
        events.publishPruned("image", reclaimed);
        node.put("SpaceReclaimed", reclaimed);
        Replies.json(call, 200, node);
    }
}
