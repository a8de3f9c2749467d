package io.panal.images.debian;

import io.panal.images.client.Credentials;
import io.panal.images.client.RegistryClient;
import io.panal.images.debian.Packages.Archive;
import io.panal.images.layout.LayoutWriter;
import io.panal.images.layout.OciLayout;
import io.panal.images.manifest.Descriptor;
import io.panal.images.manifest.Platform;
import io.panal.images.reference.Reference;
import io.panal.images.transfer.Pusher;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Images made from Debian's packages: the real programs, built by Debian, said so in the image's labels.
///
/// Needs apt-get, dpkg-deb and tar on the host; no container is run to make them. An image is made once and kept in
/// the given directory until that is removed; two programs may ask at once.
public final class DebianImages {
    /// A file lock keeps other programs out, but is refused within one.
    private static final ReentrantLock HERE = new ReentrantLock();

    private DebianImages() {}

    /// Debian's nginx, serving its welcome page on port 80 and logging to the container's output.
    ///
    /// @param progress told one short line per step
    /// @throws IOException when a package cannot be had, with apt's reason
    public static OciLayout nginx(Path cache, Consumer<String> progress) throws IOException {
        return image(Recipes.nginx(), cache, progress);
    }

    /// Debian's static busybox, a shell and a web server in two megabytes.
    ///
    /// @param progress told one short line per step
    /// @throws IOException when the package cannot be had, with apt's reason
    public static OciLayout busybox(Path cache, Consumer<String> progress) throws IOException {
        return image(Recipes.busybox(), cache, progress);
    }

    /// Pushes an image to a registry that asks for no login; layers that it has are not sent.
    ///
    /// @return what the name stands for now
    public static Descriptor push(OciLayout image, Reference name, RegistryClient client) throws IOException {
        Pusher.Order order = new Pusher.Order(name, image.manifest(), Credentials.anonymous());
        return new Pusher(client, image).push(order, _ -> {});
    }

    private static OciLayout image(Recipe recipe, Path cache, Consumer<String> progress) throws IOException {
        Path made = cache.resolve(recipe.name());
        Files.createDirectories(cache);
        HERE.lock();
        try (FileChannel file =
                FileChannel.open(cache.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // Ends with the channel.
            file.lock();
            if (!Files.exists(made.resolve("index.json"))) {
                make(recipe, cache, made, progress);
            }
            return OciLayout.open(made);
        } finally {
            HERE.unlock();
        }
    }

    private static void make(Recipe recipe, Path cache, Path made, Consumer<String> progress) throws IOException {
        List<Archive> archives = new Packages(cache.resolve("packages")).fetch(recipe, progress);
        Path draft = cache.resolve("draft-" + UUID.randomUUID());
        try {
            progress.accept("unpacking %d packages".formatted(archives.size()));
            RootDirectory root = RootDirectory.unpack(archives, draft.resolve("root"));
            long newest = root.newest();
            root.settle(recipe.steps());
            progress.accept("packing the image " + recipe.name());
            LayoutWriter writer = new LayoutWriter(draft.resolve("layout"));
            AtomicReference<LayoutWriter.Layer> layer = new AtomicReference<>();
            root.pack(newest, tar -> layer.set(writer.layer(tar)));
            Map<String, String> labels = labels(recipe, main(recipe, archives));
            Map<String, Object> config = config(recipe, archives, Instant.ofEpochSecond(newest));
            writer.finish(layer.get(), config, labels);
            RootDirectory.remove(made);
            Files.move(draft.resolve("layout"), made, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            RootDirectory.remove(draft);
        }
    }

    private static Archive main(Recipe recipe, List<Archive> archives) throws IOException {
        return archives.stream()
                .filter(one -> one.name().equals(recipe.mainPackage()))
                .findFirst()
                .orElseThrow(() -> new IOException("apt-get left out " + recipe.mainPackage()));
    }

    private static Map<String, String> labels(Recipe recipe, Archive main) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("org.opencontainers.image.title", recipe.name());
        labels.put("org.opencontainers.image.version", main.upstream());
        labels.put("org.opencontainers.image.vendor", "Debian");
        labels.put("org.opencontainers.image.source", "deb:" + main.name() + "=" + main.version());
        labels.put(
                "org.opencontainers.image.description",
                "Made from Debian's %s package version %s; not the official %s image"
                        .formatted(main.name(), main.version(), recipe.name()));
        return labels;
    }

    private static Map<String, Object> config(Recipe recipe, List<Archive> archives, Instant created)
            throws IOException {
        Archive main = main(recipe, archives);
        Recipe.Run run = recipe.run();
        Map<String, Object> inner = new LinkedHashMap<>();
        if (!run.ports().isEmpty()) {
            Map<String, Object> ports = new LinkedHashMap<>();
            run.ports().forEach(port -> ports.put(port, Map.of()));
            inner.put("ExposedPorts", ports);
        }
        inner.put(
                "Env",
                run.environment().entrySet().stream()
                        .map(one -> one.getKey() + "=" + one.getValue().formatted(main.upstream()))
                        .toList());
        if (!run.entrypoint().isEmpty()) {
            inner.put("Entrypoint", run.entrypoint());
        }
        inner.put("Cmd", run.command());
        inner.put("Labels", labels(recipe, main));
        if (!run.stopSignal().isEmpty()) {
            inner.put("StopSignal", run.stopSignal());
        }
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("created", created.toString());
        config.put("architecture", Platform.here().architecture());
        config.put("os", "linux");
        config.put("config", inner);
        String packages = String.join(
                " ",
                archives.stream().map(one -> one.name() + "=" + one.version()).toList());
        Map<String, Object> history = new LinkedHashMap<>();
        history.put("created", created.toString());
        history.put("created_by", "panal: packages of Debian: " + packages);
        config.put("history", List.of(history));
        return config;
    }
}
