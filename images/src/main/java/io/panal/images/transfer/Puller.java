package io.panal.images.transfer;

import io.panal.images.client.Access;
import io.panal.images.client.Credentials;
import io.panal.images.client.RegistryClient;
import io.panal.images.client.RegistryException;
import io.panal.images.client.Repository;
import io.panal.images.manifest.Descriptor;
import io.panal.images.manifest.Manifest;
import io.panal.images.manifest.Platform;
import io.panal.images.reference.Digest;
import io.panal.images.reference.Reference;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Brings images from registries into a content store, three layers at once.
///
/// Any number of pulls may run; what two of them want is fetched once. Interrupting the calling thread ends a pull.
public final class Puller {
    private static final int LAYERS_AT_ONCE = 3;
    private static final int STRIPES = 64;

    private final RegistryClient client;
    private final ContentSink sink;
    /// A digest's own lock, shared by chance with a few others; nobody holds two.
    private final List<ReentrantLock> stripes =
            IntStream.range(0, STRIPES).mapToObj(_ -> new ReentrantLock()).toList();

    public Puller(RegistryClient client, ContentSink sink) {
        this.client = client;
        this.sink = sink;
    }

    /// What to pull.
    ///
    /// @param name without tag and digest means `latest`
    /// @param platform whose image is taken from an index
    public record Order(Reference name, Credentials credentials, Platform platform) {
        public Order {
            name = name.taggedByDefault();
        }

        /// For this machine.
        public Order(Reference name, Credentials credentials) {
            this(name, credentials, Platform.here());
        }
    }

    /// What a name stands for in its registry, and the platforms there are; nothing is stored.
    ///
    /// @throws RegistryException with the text and status of docker's `/distribution/NAME/json`
    public Resolved resolve(Order order) throws IOException {
        Repository repository = client.repository(order.name, order.credentials, Access.PULL);
        Manifest manifest = repository.manifest(order.name.selector());
        return switch (manifest) {
            case Manifest.Index index ->
                new Resolved(
                        index.descriptor(),
                        index.manifests().stream()
                                .flatMap(one -> one.platform().stream())
                                .toList());
            case Manifest.Image image ->
                new Resolved(
                        image.descriptor(),
                        ImageConfig.platform(repository, image.config()).stream()
                                .toList());
        };
    }

    /// @param target the manifest or index
    public record Resolved(Descriptor target, List<Platform> platforms) {
        public Resolved {
            platforms = List.copyOf(platforms);
        }
    }

    /// Pulls, telling docker's progress in docker's order; `progress` is called from several threads, one at a time.
    ///
    /// @throws RegistryException with docker's text and status when the registry says no or is not reached
    public PulledImage pull(Order order, Consumer<Progress> progress) throws IOException {
        Consumer<Progress> one = new Orderly(progress)::accept;
        try {
            return new Pull(order, one).run();
        } catch (RegistryException failure) {
            throw failure.whenPulling(order.name);
        }
    }

    /// Passes lines on one at a time.
    private record Orderly(Consumer<Progress> to) {
        synchronized void accept(Progress line) {
            to.accept(line);
        }
    }

    private final class Pull {
        private final Order order;
        private final Consumer<Progress> progress;
        private final Repository repository;

        Pull(Order order, Consumer<Progress> progress) throws IOException {
            this.order = order;
            this.progress = progress;
            this.repository = client.repository(order.name, order.credentials, Access.PULL);
        }

        PulledImage run() throws IOException {
            String selector = order.name.selector();
            Optional<Descriptor> known = repository.resolve(selector);
            Manifest top = manifest(known, selector);
            progress.accept(Progress.about(shown(), "Pulling from " + order.name.path()));
            Manifest.Image image = chosen(top);
            PulledImage pulled = new PulledImage(order.name, top.descriptor(), image);
            Digest target = top.descriptor().digest();
            boolean isCurrent = sink.current(order.name).equals(Optional.of(target)) && isWhole(image);
            if (!isCurrent) {
                fetch(image);
                keep(image);
                if (!top.descriptor().digest().equals(image.descriptor().digest())) {
                    keep(top);
                }
                sink.complete(pulled, progress);
                image.layers().forEach(layer -> progress.accept(step(layer, "Pull complete")));
            }
            progress.accept(Progress.line("Digest: " + target));
            progress.accept(Progress.line("Status: "
                    + (isCurrent ? "Image is up to date for " : "Downloaded newer image for ")
                    + order.name.familiar()));
            return pulled;
        }

        /// The tag, or for a digest the whole name, as docker shows it.
        private String shown() {
            return order.name.digest().isPresent() ? order.name.familiar() : order.name.selector();
        }

        private Manifest manifest(Optional<Descriptor> known, String selector) throws IOException {
            return repository.manifest(known.map(one -> one.digest().toString()).orElse(selector));
        }

        private Manifest.Image chosen(Manifest top) throws IOException {
            return switch (top) {
                case Manifest.Image image -> image;
                case Manifest.Index index -> {
                    Descriptor match = index.matching(order.platform)
                            .orElseThrow(() ->
                                    RegistryException.missing("no matching manifest for %s in the manifest list entries"
                                            .formatted(order.platform)));
                    if (repository.manifest(match.digest().toString()) instanceof Manifest.Image image) {
                        yield image;
                    }
                    throw RegistryException.refused("index of %s names another index".formatted(order.name.familiar()));
                }
            };
        }

        private boolean isWhole(Manifest.Image image) throws IOException {
            for (Descriptor part : parts(image)) {
                if (!sink.has(part.digest())) {
                    return false;
                }
            }
            return true;
        }

        private List<Descriptor> parts(Manifest.Image image) {
            List<Descriptor> parts = new ArrayList<>(image.layers());
            parts.removeIf(Descriptor::isForeign);
            parts.add(image.config());
            return parts;
        }

        private void fetch(Manifest.Image image) throws IOException {
            List<Parallel.Job> jobs = new ArrayList<>();
            for (Descriptor part : parts(image).stream().distinct().toList()) {
                boolean isLayer = !part.digest().equals(image.config().digest());
                if (isLayer) {
                    progress.accept(step(part, "Pulling fs layer"));
                }
                Consumer<Progress> to = isLayer ? progress : _ -> {};
                jobs.add(() -> fetch(part, to));
            }
            Parallel.run(LAYERS_AT_ONCE, jobs);
        }

        private void fetch(Descriptor part, Consumer<Progress> to) throws IOException {
            ReentrantLock lock = locked(part.digest());
            try {
                if (sink.has(part.digest())) {
                    to.accept(step(part, "Already exists"));
                    return;
                }
                Pace pace = new Pace(to, part.digest().brief(), "Downloading", part.size());
                new Fetch(repository, part, pace::at).into(sink);
                to.accept(step(part, "Verifying Checksum"));
                to.accept(step(part, "Download complete"));
            } finally {
                lock.unlock();
            }
        }

        private void keep(Manifest manifest) throws IOException {
            Descriptor self = manifest.descriptor();
            ReentrantLock lock = locked(self.digest());
            try {
                if (sink.has(self.digest())) {
                    return;
                }
                try (ContentSink.Writer writer = sink.open(self)) {
                    if (writer.offset() > 0) {
                        writer.reset();
                    }
                    writer.write(ByteBuffer.wrap(manifest.bytes().toArray()));
                    writer.commit();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /// A digest's lock, held: two writers of one blob would write into each other's bytes.
    private ReentrantLock locked(Digest digest) throws InterruptedIOException {
        ReentrantLock lock = stripes.get(Math.floorMod(digest.hashCode(), STRIPES));
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("context canceled");
        }
        return lock;
    }

    private static Progress step(Descriptor layer, String status) {
        return Progress.step(layer.digest().brief(), status);
    }
}
