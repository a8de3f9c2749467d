package io.panal.cli.service;

import io.panal.cli.client.Engine;
import io.panal.cli.client.Query;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Failure;
import io.panal.cli.json.Tree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Networks, secrets and configs that a service names, looked up for their ids.
final class References {
    private References() {}

    /// The networks of an option, by id.
    static List<Tree> networks(Arguments arguments, String flag, Engine engine) throws Failure, IOException {
        List<Tree> attachments = new ArrayList<>();
        for (String value : arguments.all(flag)) {
            Tree attachment = Tree.empty().put("Target", value);
            if (value.indexOf('=') >= 0) {
                attachment = network(arguments, flag, value);
            }
            attachment.put("Target", networkId(engine, attachment.text("Target")));
            attachments.add(attachment);
        }
        attachments.sort(Comparator.comparing(attachment -> attachment.text("Target")));
        return attachments;
    }

    static String networkId(Engine engine, String name) throws IOException {
        return engine.get(Query.of("/networks/", name).with("scope", "swarm").toString())
                .text("Id");
    }

    private static Tree network(Arguments arguments, String flag, String value) throws Failure {
        Tree attachment = Tree.empty();
        List<String> aliases = new ArrayList<>();
        for (String field : Fields.of(value)) {
            String key = KeyValues.key(field).strip().toLowerCase(Locale.ROOT);
            String text = KeyValues.value(field).strip();
            if (field.indexOf('=') < 0) {
                throw arguments.invalid(flag, value, "invalid field " + field);
            }
            switch (key) {
                case "name" -> attachment.put("Target", text);
                case "alias" -> aliases.add(text);
                case "driver-opt" -> attachment.make("DriverOpts").put(KeyValues.key(text), KeyValues.value(text));
                default -> throw arguments.invalid(flag, value, "invalid field key " + key);
            }
        }
        if (attachment.text("Target").isEmpty()) {
            throw arguments.invalid(flag, value, "network name/id is not specified");
        }
        return aliases.isEmpty() ? attachment : attachment.put("Aliases", aliases);
    }

    /// What tells secrets from configs.
    enum Kind {
        SECRET("secret", "/secrets", "SecretID", "SecretName"),
        CONFIG("config", "/configs", "ConfigID", "ConfigName");

        private final String word;
        private final String path;
        private final String id;
        private final String name;

        Kind(String word, String path, String id, String name) {
            this.word = word;
            this.path = path;
            this.id = id;
            this.name = name;
        }

        /// The member that holds the name.
        String nameMember() {
            return name;
        }
    }

    /// The secrets or configs of an option, by name and id.
    static List<Tree> files(Kind kind, Arguments arguments, String flag, Engine engine) throws Failure, IOException {
        List<Tree> references = new ArrayList<>();
        Set<String> targets = new HashSet<>();
        List<String> names = new ArrayList<>();
        for (String value : arguments.all(flag)) {
            Tree reference = file(kind, arguments, flag, value);
            if (!targets.add(reference.text("File.Name"))) {
                throw Failure.because(
                        "duplicate " + kind.word + " target for " + reference.text(kind.name) + " not allowed");
            }
            references.add(reference);
            names.add(reference.text(kind.name));
        }
        if (names.isEmpty()) {
            return references;
        }
        List<Tree> found =
                engine.list(Query.of(kind.path).filters(Map.of("name", names)).toString());
        for (Tree reference : references) {
            String name = reference.text(kind.name);
            Tree object = found.stream()
                    .filter(candidate -> candidate.text("Spec.Name").equals(name))
                    .findFirst()
                    .orElseThrow(() -> Failure.because(kind.word + " not found: " + name));
            reference.put(kind.id, object.text("ID"));
        }
        return references;
    }

    private static Tree file(Kind kind, Arguments arguments, String flag, String value) throws Failure {
        String source = value;
        Tree file = Tree.empty().put("Name", "").put("UID", "0").put("GID", "0").put("Mode", 292L);
        if (value.indexOf('=') >= 0 || value.indexOf(',') >= 0) {
            source = "";
            for (String field : Fields.of(value)) {
                String key = KeyValues.key(field).strip().toLowerCase(Locale.ROOT);
                String text = KeyValues.value(field);
                if (field.indexOf('=') < 0) {
                    throw arguments.invalid(flag, value, "invalid field '" + field + "' must be a key=value pair");
                }
                switch (key) {
                    case "source", "src" -> source = text;
                    case "target" -> file.put("Name", text);
                    case "uid" -> file.put("UID", text);
                    case "gid" -> file.put("GID", text);
                    case "mode" -> file.put("Mode", mode(arguments, flag, value, text));
                    default ->
                        throw arguments.invalid(flag, value, "invalid field in " + kind.word + " request: " + key);
                }
            }
            if (source.isEmpty()) {
                throw arguments.invalid(flag, value, "source is required");
            }
        }
        if (file.text("Name").isEmpty()) {
            file.put("Name", source);
        }
        return Tree.empty().put("File", file).put(kind.id, "").put(kind.name, source);
    }

    private static long mode(Arguments arguments, String flag, String value, String text) throws Failure {
        try {
            return Long.parseLong(text, 8);
        } catch (NumberFormatException _) {
            throw arguments.invalid(flag, value, "invalid mode specified: " + text);
        }
    }
}
