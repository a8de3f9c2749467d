package io.panal.node.engine;

import io.panal.core.codec.Codec;
import io.panal.node.containers.ContainersException;
import io.panal.node.containers.ImageConfiguration;
import io.panal.node.containers.ImageStore;
import io.panal.node.containers.StoredImage;
import io.panal.node.http.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Images as the Engine API shows them. One image is one configuration, whatever names and manifests lead to it.
final class ImagePortraits {
    private final ImageStore store;

    ImagePortraits(ImageStore store) {
        this.store = store;
    }

    /// All that leads to one configuration.
    ///
    /// @param names as the store has them
    record Shown(StoredImage image, List<String> names) {
        List<String> tags() {
            return names.stream()
                    .filter(name -> !name.contains("@") && !ImageStore.isInternal(name))
                    .map(ContainerPortraits::familiar)
                    .toList();
        }

        /// Whether it is only what a step of a build came to.
        boolean isStep() {
            return names.stream().allMatch(name -> name.startsWith(ImageStore.BUILD_STEP));
        }

        List<String> digests() {
            return names.stream()
                    .filter(name -> name.contains("@"))
                    .map(ContainerPortraits::familiar)
                    .toList();
        }
    }

    /// All images, newest first.
    List<Shown> all() throws ContainersException {
        Map<String, List<StoredImage>> byId = new LinkedHashMap<>();
        for (StoredImage image : store.list()) {
            byId.computeIfAbsent(image.configuration().id(), _ -> new ArrayList<>())
                    .add(image);
        }
        return byId.values().stream()
                .map(same -> new Shown(
                        same.getFirst(),
                        List.copyOf(new TreeSet<>(same.stream()
                                .flatMap(image -> image.names().stream())
                                .toList()))))
                .sorted((one, other) ->
                        other.image().createdAt().compareTo(one.image().createdAt()))
                .toList();
    }

    Shown shown(StoredImage image) throws ContainersException {
        return all().stream()
                .filter(one -> one.image()
                        .configuration()
                        .id()
                        .equals(image.configuration().id()))
                .findFirst()
                .orElse(new Shown(image, image.names()));
    }

    /// One of `GET /images/json`.
    static ObjectNode listed(Shown shown, long containers) {
        StoredImage image = shown.image();
        ObjectNode node = Replies.object();
        node.put("Containers", containers);
        node.put("Created", image.createdAt().getEpochSecond());
        node.put("Id", image.configuration().id());
        node.set("Labels", labels(image.configuration()));
        node.put("ParentId", "");
        node.set("RepoDigests", Codec.JSON.tree(shown.digests()));
        node.set("RepoTags", Codec.JSON.tree(shown.tags()));
        node.put("SharedSize", -1);
        node.put("Size", image.sizeBytes());
        return node;
    }

    private static JsonNode labels(ImageConfiguration image) {
        return image.labels().isEmpty() ? Codec.JSON.tree(Optional.empty()) : Codec.JSON.tree(image.labels());
    }

    /// `GET /images/X/json`.
    static ObjectNode inspected(Shown shown) {
        StoredImage image = shown.image();
        ImageConfiguration configuration = image.configuration();
        JsonNode source = Codec.JSON.parse(configuration.source().getBytes(StandardCharsets.UTF_8));
        ObjectNode node = Replies.object();
        node.put("Id", configuration.id());
        node.set("RepoTags", Codec.JSON.tree(shown.tags()));
        node.set("RepoDigests", Codec.JSON.tree(shown.digests()));
        node.put("Parent", "");
        node.put("Comment", source.path("comment").asString(""));
        node.put("Created", configuration.created());
        node.put("DockerVersion", source.path("docker_version").asString(""));
        node.put("Author", source.path("author").asString(""));
        node.set("Config", config(configuration, source.path("config")));
        node.put("Architecture", configuration.architecture());
        node.put("Os", configuration.operatingSystem());
        node.put("Size", image.sizeBytes());
        ObjectNode driver = node.putObject("GraphDriver");
        driver.putObject("Data");
        driver.put("Name", "overlayfs");
        ObjectNode root = node.putObject("RootFS");
        root.put("Type", "layers");
        root.set("Layers", Codec.JSON.tree(configuration.layers()));
        node.putObject("Metadata").put("LastTagTime", "0001-01-01T00:00:00Z");
        return node;
    }

    private static ObjectNode config(ImageConfiguration configuration, JsonNode source) {
        ObjectNode node = source instanceof ObjectNode object ? object.deepCopy() : Replies.object();
        node.put("User", configuration.process().user());
        node.set("Env", Codec.JSON.tree(configuration.process().environment()));
        node.set("Cmd", orNull(configuration.process().command()));
        node.set("Entrypoint", orNull(configuration.process().entrypoint()));
        node.put("WorkingDir", configuration.process().directory());
        node.set("Labels", labels(configuration));
        return node;
    }

    private static JsonNode orNull(List<String> words) {
        return words.isEmpty() ? Codec.JSON.tree(Optional.empty()) : Codec.JSON.tree(words);
    }

    /// `GET /images/X/history`, newest first. Sizes of layers are not kept apart; the first bears the whole.
    static ArrayNode history(Shown shown) {
        StoredImage image = shown.image();
        JsonNode source = Codec.JSON.parse(image.configuration().source().getBytes(StandardCharsets.UTF_8));
        List<JsonNode> steps =
                new ArrayList<>(source.path("history").valueStream().toList());
        ArrayNode list = Replies.object().putArray("history");
        for (JsonNode step : steps.reversed()) {
            boolean first = list.isEmpty();
            ObjectNode node = list.addObject();
            node.put("Comment", step.path("comment").asString(""));
            node.put("Created", instant(step.path("created").asString("")));
            node.put("CreatedBy", step.path("created_by").asString(""));
            node.put("Id", first ? image.configuration().id() : "<missing>");
            node.put("Size", first ? image.sizeBytes() : 0);
            node.set("Tags", first ? Codec.JSON.tree(shown.tags()) : Codec.JSON.tree(Optional.empty()));
        }
        return list;
    }

    private static long instant(String text) {
        try {
            return Times.parse(text).map(at -> at.getEpochSecond()).orElse(0L);
        } catch (Refusal unreadable) {
            return 0;
        }
    }
}
