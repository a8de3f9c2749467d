package io.panal.node.engine;

import io.panal.images.reference.Digest;
import io.panal.images.reference.InvalidReferenceException;
import io.panal.images.reference.Reference;
import io.panal.node.containers.ContainersException;
import io.panal.node.containers.ImageStore;
import io.panal.node.containers.StoredImage;
import io.panal.node.http.Call;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import io.panal.node.images.ArchiveLoad;
import io.panal.node.images.ArchiveSave;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `docker save` and `docker load`.
final class SaveCalls {
    private final ImageStore store;
    private final ImageNames names;
    private final EventFeed events;

    SaveCalls(ImageStore store, EventFeed events) {
        this.store = store;
        this.names = new ImageNames(store);
        this.events = events;
    }

    void routes(Router router) {
        router.on("GET", "/images/get", call -> save(call, call.query().all("names")))
                .on("GET", "/images/{name...}/get", call -> save(call, List.of(call.name("name"))))
                .on("POST", "/images/load", this::load);
    }

    /// Images of one archive, with the tags that each is to keep.
    private static final class Chosen {
        private final Map<String, StoredImage> images = new LinkedHashMap<>();
        private final Map<String, Set<Reference>> tags = new LinkedHashMap<>();

        void add(StoredImage image, Optional<Reference> tag) {
            String id = image.configuration().id();
            images.putIfAbsent(id, image);
            tag.ifPresent(tags.computeIfAbsent(id, _ -> new LinkedHashSet<>())::add);
        }

        List<ArchiveSave.Wanted> all() {
            return images.entrySet().stream()
                    .map(entry -> new ArchiveSave.Wanted(
                            entry.getValue(), List.copyOf(tags.getOrDefault(entry.getKey(), Set.of()))))
                    .toList();
        }
    }

    private void save(Call call, List<String> asked) throws IOException {
        Chosen chosen = new Chosen();
        for (String text : asked) {
            choose(chosen, text);
        }
        List<ArchiveSave.Wanted> images = chosen.all();
        try (OutputStream out = call.exchange().stream(200, "application/x-tar")) {
            ArchiveSave.save(store, images, out);
        }
        for (ArchiveSave.Wanted one : images) {
            String id = one.image().configuration().id();
            events.publishLocal("image", "save", id, Map.of("name", id), Instant.now());
        }
    }

    /// A name without a tag stands for all tags of its repository, an id for an image without any.
    private void choose(Chosen chosen, String text) throws IOException {
        Optional<Reference> reference = reference(text);
        boolean every = reference.isPresent()
                && reference.get().tag().isEmpty()
                && reference.get().digest().isEmpty();
        List<Reference> tags = every ? tagsOf(reference.get()) : List.of();
        for (Reference tag : tags) {
            chosen.add(names.require(tag.toString()), Optional.of(tag));
        }
        if (tags.isEmpty()) {
            StoredImage image = names.find(text).orElseThrow(() -> new Refusal(404, "reference does not exist"));
            chosen.add(image, reference.filter(name -> name.tag().isPresent()));
        }
    }

    private static Optional<Reference> reference(String text) {
        if (Digest.isDigest(text)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Reference.parse(text));
        } catch (InvalidReferenceException anId) {
            return Optional.empty();
        }
    }

    private List<Reference> tagsOf(Reference repository) throws ContainersException {
        List<Reference> tags = new ArrayList<>();
        for (StoredImage image : store.list()) {
            for (String name : image.names()) {
                if (name.startsWith(repository.name() + ":") && !ImageStore.isInternal(name)) {
                    tags.add(repository.tagged(name.substring(repository.name().length() + 1)));
                }
            }
        }
        return tags;
    }

    private void load(Call call) throws IOException {
        var lines = new ProgressLines(call.exchange());
        try (Spool spool = Spool.of(call.exchange().body())) {
            for (ArchiveLoad.Loaded loaded : ArchiveLoad.load(store, spool.archive())) {
                String id = loaded.image().configuration().id();
                for (Reference tag : loaded.tags()) {
                    lines.text("Loaded image: %s\n".formatted(tag.familiar()));
                }
                if (loaded.tags().isEmpty()) {
                    lines.text("Loaded image ID: %s\n".formatted(id));
                }
                events.publishLocal("image", "load", id, Map.of("name", id), Instant.now());
            }
            lines.close();
        } catch (ContainersException failed) {
            lines.fail(ContainerLookup.refusal(failed));
        } catch (IOException unreadable) {
            lines.fail(new Refusal(400, String.valueOf(unreadable.getMessage())));
        }
    }
}
