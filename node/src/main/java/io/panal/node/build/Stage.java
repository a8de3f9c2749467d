package io.panal.node.build;

import io.panal.images.archive.TarEntry;
import io.panal.node.containers.StoredImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// One stage of a build: an image, and what each instruction makes of it.
final class Stage {
    /// Known without `ARG`, and no part of what makes a step the same.
    private static final Set<String> PROXIES = Set.of(
            "HTTP_PROXY",
            "http_proxy",
            "HTTPS_PROXY",
            "https_proxy",
            "FTP_PROXY",
            "ftp_proxy",
            "NO_PROXY",
            "no_proxy",
            "ALL_PROXY",
            "all_proxy");

    private final String name;
    private final Builder builder;
    private final FileSet context;
    private final Map<String, String> arguments = new TreeMap<>();
    private Optional<StoredImage> image;
    private Draft draft;
    private final Metadata metadata = new Metadata();

    Stage(String name, Optional<StoredImage> image, Builder builder, FileSet context) {
        this.name = name;
        this.image = image;
        this.builder = builder;
        this.context = context;
        this.draft = Draft.of(image);
    }

    String name() {
        return name;
    }

    Optional<StoredImage> image() {
        return image;
    }

    /// Does what the image wants done to those built on it.
    void begin() throws IOException, InterruptedException {
        List<String> triggers = draft.takeTriggers();
        if (!triggers.isEmpty()) {
            builder.telling()
                    .text("# Executing %d build trigger%s\n"
                            .formatted(triggers.size(), triggers.size() == 1 ? "" : "s"));
        }
        for (String trigger : triggers) {
            follow(Dockerfile.instruction(0, trigger));
        }
    }

    void follow(Instruction instruction) throws IOException, InterruptedException {
        switch (instruction.word()) {
            case "RUN" -> run(instruction);
            case "COPY", "ADD" -> copy(instruction);
            case "ARG" -> argument(instruction);
            case "WORKDIR" -> directory(metadata.apply(instruction, draft, variables()));
            default -> configure(metadata.apply(instruction, draft, variables()));
        }
    }

    void label(Map<String, String> labels, String text) throws IOException {
        labels.forEach(draft::label);
        configure(text);
    }

    private void argument(Instruction instruction) throws IOException {
        for (String pair : Words.split(instruction.rest(), variables())) {
            String[] parts = pair.split("=", 2);
            String given = builder.build().arguments().get(parts[0]);
            String global = builder.globals().get(parts[0]);
            if (given != null) {
                arguments.put(parts[0], given);
            } else if (parts.length == 2) {
                arguments.put(parts[0], parts[1]);
            } else if (global != null) {
                arguments.put(parts[0], global);
            }
        }
        configure(instruction.text());
    }

    /// The environment hides build arguments of the same name.
    private Map<String, String> variables() {
        Map<String, String> variables = new TreeMap<>(arguments);
        variables.putAll(draft.environment());
        return variables;
    }

    /// Ends a step that changes no file.
    private void configure(String text) throws IOException {
        String what = "/bin/sh -c #(nop) " + text;
        draft.step(what, "", true, Instant.now());
        become(what, () -> builder.configured(image, what, draft));
    }

    /// Makes the directory that is worked in, unless it is there.
    private void directory(String text) throws IOException {
        String directory = draft.text("WorkingDir");
        if (builder.hasDirectory(image, directory)) {
            configure(text);
            return;
        }
        String what = "/bin/sh -c #(nop) " + text;
        draft.step(what, "", false, Instant.now());
        become(
                what,
                () -> builder.written(image, what, draft, layer -> {
                    String place = new Places().of(directory).substring(1);
                    layer.add(TarEntry.directory(place, 0755, TarEntry.Owner.ROOT, Instant.now()));
                }));
    }

    /// Makes what a step comes to, or finds it made.
    private interface Making {
        StoredImage image() throws IOException, InterruptedException;
    }

    private void become(String what, Making making) throws IOException {
        Optional<StoredImage> made = builder.made(image, what);
        try {
            StoredImage next = made.isPresent() ? made.get() : making.image();
            builder.telling()
                    .text("%s ---> %s\n".formatted(made.isPresent() ? " ---> Using cache\n" : "", Builder.brief(next)));
            image = Optional.of(next);
            draft = Draft.of(image);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new BuildException("build cancelled");
        }
    }

    private void run(Instruction instruction) throws IOException {
        List<String> words = Metadata.words(instruction, draft);
        List<String> environment = new ArrayList<>();
        variables().forEach((key, value) -> {
            if (arguments.containsKey(key) && !draft.environment().containsKey(key)) {
                environment.add(key + "=" + value);
            }
        });
        String known =
                environment.isEmpty() ? "" : "|%d %s ".formatted(environment.size(), String.join(" ", environment));
        builder.build().arguments().forEach((key, value) -> {
            if (PROXIES.contains(key) && !arguments.containsKey(key)) {
                environment.add(key + "=" + value);
            }
        });
        String what = known + String.join(" ", words);
        draft.step(what, "", false, Instant.now());
        StoredImage base = image.orElseThrow(() -> new BuildException("RUN needs files: nothing is in the image yet"));
        Build.Command command = new Build.Command(base.names().getFirst(), words, environment, Optional.empty());
        become(
                what,
                () -> builder.runs()
                        .run(command, builder.telling(), container -> builder.changed(image, what, draft, container)));
    }

    private void copy(Instruction instruction) throws IOException {
        List<String> words = instruction.list().isPresent()
                ? filled(instruction.list().get())
                : Words.split(instruction.rest(), variables());
        String from = Words.fill(instruction.flags().getOrDefault("from", ""), variables());
        if (from.isEmpty()) {
            copy(instruction, context, words);
            return;
        }
        Path archive = builder.filesOf(from, words.subList(0, Math.max(0, words.size() - 1)));
        try (FileSet files = FileSet.open(archive)) {
            copy(instruction, files, words);
        } finally {
            Files.deleteIfExists(archive);
        }
    }

    private List<String> filled(List<String> words) throws BuildException {
        List<String> filled = new ArrayList<>();
        for (String word : words) {
            filled.add(Words.fill(word, variables()));
        }
        return filled;
    }

    private void copy(Instruction instruction, FileSet files, List<String> words) throws IOException {
        String chown = Words.fill(instruction.flags().getOrDefault("chown", ""), variables());
        Copies copies =
                Copies.of(instruction, files, words, draft.text("WorkingDir")).ownedBy(chown);
        String what = "/bin/sh -c #(nop) %s %smulti:%s in %s "
                .formatted(
                        instruction.word(),
                        chown.isEmpty() ? "" : "--chown=" + chown + " ",
                        copies.fingerprint(),
                        copies.destination());
        draft.step(what, "", false, Instant.now());
        become(what, () -> builder.written(image, what, draft, copies::write));
    }
}
