package io.panal.node.build;

import io.panal.images.archive.TarWriter;
import io.panal.node.containers.ImageLayer;
import io.panal.node.containers.ImageStore;
import io.panal.node.containers.StoredImage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Builds one image. Of one thread.
public final class Builder {
    /// Where the root is another one no class can be loaded: naming them here loads them before.
    static final List<Class<?>> NEEDED_INSIDE =
            List.of(Places.class, Trees.class, Copies.class, FileSet.Placed.class, BuildException.class);

    private final Build build;
    private final Build.Surroundings here;
    private final Build.Telling telling;
    private final Map<String, StoredImage> stages = new HashMap<>();
    private final Map<String, String> globals = new HashMap<>();
    private int step;
    private int stage = -1;
    private Optional<Stage> current = Optional.empty();

    private Builder(Build build, Build.Surroundings here, Build.Telling telling) {
        this.build = build;
        this.here = here;
        this.telling = telling;
    }

    /// Does what the Dockerfile says.
    ///
    /// @return the image of the last stage, or of the one that was asked for
    /// @throws IOException in words for the user
    public static StoredImage run(Build build, Build.Surroundings here, Build.Telling telling)
            throws IOException, InterruptedException {
        return new Builder(build, here, telling).run(Dockerfile.parse(build.dockerfile()));
    }

    /// The text of a context's Dockerfile, looked through before anything is done.
    ///
    /// @param context an archive that is not compressed
    /// @throws IOException in words for the user
    public static String dockerfile(Path context, String name) throws IOException {
        try (FileSet files = FileSet.open(context)) {
            FileSet.Placed file = files.find(name)
                    .orElseThrow(() -> new BuildException("Cannot locate specified Dockerfile: " + name));
            String text = new String(files.content(file).readAllBytes(), StandardCharsets.UTF_8);
            if (Dockerfile.parse(text).isEmpty()) {
                throw new BuildException("the Dockerfile (%s) cannot be empty".formatted(name));
            }
            return text;
        }
    }

    private StoredImage run(List<Instruction> instructions) throws IOException, InterruptedException {
        int total = instructions.size() + (build.labels().isEmpty() ? 0 : 1);
        try (FileSet context = FileSet.open(build.context())) {
            for (Instruction instruction : instructions) {
                if (instruction.word().equals("FROM") && isTarget()) {
                    break;
                }
                tell(instruction.text(), total);
                follow(instruction, context);
            }
            if (!build.labels().isEmpty() && current.isPresent()) {
                StringBuilder line = new StringBuilder("LABEL");
                build.labels().forEach((name, value) -> line.append(" %s=%s".formatted(name, value)));
                tell(line.toString(), total);
                current.get().label(build.labels(), line.toString());
            }
        }
        Stage last = current.orElseThrow(() -> new BuildException("No build stage in current context"));
        if (!build.target().isEmpty() && !isTarget()) {
            throw new BuildException("failed to reach build target %s in Dockerfile".formatted(build.target()));
        }
        return last.image().orElseThrow(() -> new BuildException("No image was generated. Is your Dockerfile empty?"));
    }

    private boolean isTarget() {
        return current.filter(own -> !build.target().isEmpty()
                        && (own.name().equalsIgnoreCase(build.target())
                                || String.valueOf(stage).equals(build.target())))
                .isPresent();
    }

    private void tell(String text, int total) {
        step++;
        telling.text("Step %d/%d : %s\n".formatted(step, total, text));
    }

    private void follow(Instruction instruction, FileSet context) throws IOException, InterruptedException {
        if (instruction.word().equals("FROM")) {
            from(instruction, context);
            return;
        }
        if (current.isPresent()) {
            current.get().follow(instruction);
            return;
        }
        if (!instruction.word().equals("ARG")) {
            throw new BuildException("no build stage in current context");
        }
        for (String pair : Words.split(instruction.rest(), globals)) {
            String[] parts = pair.split("=", 2);
            String value = build.arguments().getOrDefault(parts[0], parts.length == 2 ? parts[1] : "");
            globals.put(parts[0], value);
        }
    }

    private void from(Instruction instruction, FileSet context) throws IOException, InterruptedException {
        List<String> words = Words.split(instruction.rest(), globals);
        boolean named = words.size() == 3 && words.get(1).equalsIgnoreCase("as");
        if (words.size() != 1 && !named) {
            throw instruction.refuse("FROM requires either one or three arguments");
        }
        keep();
        stage++;
        String base = words.getFirst();
        if (base.isEmpty()) {
            throw new BuildException("base name (%s) should not be blank".formatted(instruction.rest()));
        }
        Optional<StoredImage> image = Optional.ofNullable(stages.get(base.toLowerCase(Locale.ROOT)));
        if (image.isEmpty() && !base.equals("scratch")) {
            image = Optional.of(here.bases().image(base));
        }
        Stage begun = new Stage(named ? words.getLast() : String.valueOf(stage), image, this, context);
        current = Optional.of(begun);
        telling.text(" ---> %s\n".formatted(image.map(Builder::brief).orElse("")));
        begun.begin();
    }

    /// What a stage came to is known to those after it, by its name and its number.
    private void keep() {
        if (current.isPresent() && current.get().image().isPresent()) {
            StoredImage image = current.get().image().get();
            stages.put(current.get().name().toLowerCase(Locale.ROOT), image);
            stages.put(String.valueOf(stage), image);
        }
    }

    Build build() {
        return build;
    }

    Build.Runs runs() {
        return here.runs();
    }

    Build.Telling telling() {
        return telling;
    }

    Map<String, String> globals() {
        return globals;
    }

    private ImageStore store() {
        return here.containers().images();
    }

    static String brief(StoredImage image) {
        return image.configuration().id().replaceFirst("^sha256:", "").substring(0, 12);
    }

    /// The image that the same step made of the same image before.
    Optional<StoredImage> made(Optional<StoredImage> before, String what) throws IOException {
        return build.cached() ? store().find(stepName(before, what)) : Optional.empty();
    }

    private static String stepName(Optional<StoredImage> before, String what) {
        String id = before.map(image -> image.configuration().id()).orElse("scratch");
        return ImageStore.BUILD_STEP + Hashes.of(id + "\n" + what);
    }

    /// An image like another but for its configuration.
    StoredImage configured(Optional<StoredImage> before, String what, Draft draft) throws IOException {
        try (var making = store().begin()) {
            return making.compose(layers(before), draft.document(), List.of(stepName(before, what)));
        }
    }

    private List<ImageLayer> layers(Optional<StoredImage> image) throws IOException {
        return image.isEmpty() ? List.of() : store().layers(image.get());
    }

    /// An image with what a container changed as its further layer.
    StoredImage changed(Optional<StoredImage> before, String what, Draft draft, String container) throws IOException {
        try (var making = store().begin()) {
            ImageLayer layer = here.containers().changes(container, making);
            return making.compose(
                    ImageLayer.appended(layers(before), layer), draft.document(), List.of(stepName(before, what)));
        }
    }

    /// Writes a layer, with the root of the image before as the root of all files.
    @FunctionalInterface
    interface Layer {
        void write(TarWriter layer) throws IOException;
    }

    boolean hasDirectory(Optional<StoredImage> image, String directory) throws IOException {
        return here.containers().filesOf(image, () -> Files.isDirectory(Path.of(directory)));
    }

    /// An image with written files as its further layer.
    StoredImage written(Optional<StoredImage> before, String what, Draft draft, Layer files) throws IOException {
        Path archive = Files.createTempFile(here.scratch(), "layer-", ".tar");
        try (var making = store().begin()) {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(archive), 1 << 16);
                    TarWriter tar = new TarWriter(out)) {
                here.containers().filesOf(before, () -> {
                    files.write(tar);
                    return true;
                });
            }
            ImageLayer layer = making.layer(archive);
            return making.compose(
                    ImageLayer.appended(layers(before), layer), draft.document(), List.of(stepName(before, what)));
        } finally {
            Files.deleteIfExists(archive);
        }
    }

    /// The files of another stage, or of an image, as an archive that the caller deletes.
    Path filesOf(String name, List<String> wanted) throws IOException {
        StoredImage image = stages.get(name.toLowerCase(Locale.ROOT));
        if (image == null) {
            image = here.bases().image(name);
        }
        Path archive = Files.createTempFile(here.scratch(), "stage-", ".tar");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(archive), 1 << 16);
                TarWriter tar = new TarWriter(out)) {
            here.containers().filesOf(Optional.of(image), () -> {
                Trees.write(tar, wanted);
                return true;
            });
        } catch (IOException failed) {
            Files.deleteIfExists(archive);
            throw failed;
        }
        return archive;
    }
}
