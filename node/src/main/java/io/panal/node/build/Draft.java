package io.panal.node.build;

import io.panal.node.containers.StoredImage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An image's configuration while it is being changed. Of one thread.
final class Draft {
    private static final List<String> DEFAULT_SHELL = List.of("/bin/sh", "-c");
    private static final String DEFAULT_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final ObjectNode document;

    private Draft(ObjectNode document) {
        this.document = document;
    }

    /// @param image whose configuration is the beginning; none for `FROM scratch`
    static Draft of(Optional<StoredImage> image) {
        if (image.isPresent()
                && JsonMapper.shared().readTree(image.get().configuration().source()) instanceof ObjectNode known) {
            return new Draft(known);
        }
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("architecture", System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64");
        document.put("os", "linux");
        Draft draft = new Draft(document);
        draft.words("Env", List.of(DEFAULT_PATH));
        return draft;
    }

    /// The part that containers are made by.
    private ObjectNode config() {
        return document.withObjectProperty("config");
    }

    private List<String> words(String key) {
        return config().path(key).valueStream().map(JsonNode::asString).toList();
    }

    void words(String key, List<String> words) {
        ArrayNode list = config().putArray(key);
        words.forEach(list::add);
    }

    void text(String key, String text) {
        config().put(key, text);
    }

    String text(String key) {
        return config().path(key).asString("");
    }

    void member(String key, String name) {
        config().withObjectProperty(key).putObject(name);
    }

    void label(String name, String value) {
        config().withObjectProperty("Labels").put(name, value);
    }

    void set(String key, JsonNode value) {
        config().set(key, value);
    }

    List<String> shell() {
        List<String> own = words("Shell");
        return own.isEmpty() ? DEFAULT_SHELL : own;
    }

    Map<String, String> environment() {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String pair : words("Env")) {
            String[] parts = pair.split("=", 2);
            variables.put(parts[0], parts.length == 2 ? parts[1] : "");
        }
        return variables;
    }

    void environment(String name, String value) {
        Map<String, String> variables = environment();
        variables.put(name, value);
        words(
                "Env",
                variables.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList());
    }

    /// Takes the triggers for images that are built on this one.
    List<String> takeTriggers() {
        List<String> triggers = new ArrayList<>(words("OnBuild"));
        config().remove("OnBuild");
        return triggers;
    }

    void trigger(String text) {
        List<String> triggers = new ArrayList<>(words("OnBuild"));
        triggers.add(text);
        words("OnBuild", triggers);
    }

    void author(String name) {
        document.put("author", name);
    }

    /// Notes a step.
    ///
    /// @param by    what made it, as `docker history` shows it
    /// @param empty whether it changed no file
    void step(String by, String comment, boolean empty, Instant now) {
        document.put("created", now.toString());
        ObjectNode step = document.withArrayProperty("history").addObject();
        step.put("created", now.toString());
        step.put("created_by", by);
        if (!comment.isEmpty()) {
            step.put("comment", comment);
        }
        if (empty) {
            step.put("empty_layer", true);
        }
    }

    /// The whole, but for the layers, which are told by who adds them.
    ObjectNode document() {
        return document;
    }
}
