package io.panal.images.transfer;

import io.panal.images.client.Credentials;
import io.panal.images.client.RegistryClient;
import io.panal.images.client.Repository;
import io.panal.images.manifest.Descriptor;
import io.panal.images.manifest.Manifest;
import io.panal.images.reference.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Brings images from a content store to registries, five layers at once as docker does.
public final class Pusher {
    private static final int LAYERS_AT_ONCE = 5;

    private final RegistryClient client;
    private final ContentSource source;

    public Pusher(RegistryClient client, ContentSource source) {
        this.client = client;
        this.source = source;
    }

    /// What to push.
    ///
    /// @param name the repository and tag to push to; without a tag it is `latest`
    /// @param target the manifest or index to push; what of an index is not in the source is left out
    /// @param sibling a repository of the same registry that may have the layers already
    public record Order(Reference name, Descriptor target, Credentials credentials, Optional<Reference> sibling) {
        public Order {
            name = name.taggedByDefault();
        }

        /// With all layers sent.
        public Order(Reference name, Descriptor target, Credentials credentials) {
            this(name, target, credentials, Optional.empty());
        }
    }

    /// Pushes, telling docker's progress; `progress` is called from several threads, one at a time.
    ///
    /// @return what the tag stands for now
    public Descriptor push(Order order, Consumer<Progress> progress) throws IOException {
        progress.accept(Progress.line("The push refers to repository [%s]".formatted(order.name.name())));
        return new Push(order, new Orderly(progress)::accept).run();
    }

    private record Orderly(Consumer<Progress> to) {
        synchronized void accept(Progress line) {
            to.accept(line);
        }
    }

    private final class Push {
        private final Order order;
        private final Consumer<Progress> progress;
        private final Repository repository;

        Push(Order order, Consumer<Progress> progress) throws IOException {
            this.order = order;
            this.progress = progress;
            this.repository = client.repository(order.name, order.sibling.orElse(order.name), order.credentials);
        }

        Descriptor run() throws IOException {
            Manifest top = read(order.target);
            Manifest sent = switch (top) {
                case Manifest.Image image -> send(image);
                case Manifest.Index index -> send(index);
            };
            String tag = order.name.tag().orElse("latest");
            repository.put(sent, tag);
            Descriptor self = sent.descriptor();
            progress.accept(Progress.line("%s: digest: %s size: %d".formatted(tag, self.digest(), self.size())));
            return self;
        }

        private Manifest send(Manifest.Index index) throws IOException {
            List<Manifest.Image> present = new ArrayList<>();
            for (Descriptor one : index.manifests()) {
                if (source.has(one.digest()) && read(one) instanceof Manifest.Image image && isWhole(image)) {
                    present.add(send(image));
                }
            }
            if (present.isEmpty()) {
                throw new IOException("no image of %s is here".formatted(order.name.familiar()));
            }
            for (Manifest.Image image : present) {
                repository.put(image, image.descriptor().digest().toString());
            }
            // A registry takes an index only with all it names, so a part of it goes as the one image it holds.
            return present.size() == index.manifests().size() ? index : present.getFirst();
        }

        private boolean isWhole(Manifest.Image image) throws IOException {
            for (Descriptor layer : image.layers()) {
                if (!layer.isForeign() && !source.has(layer.digest())) {
                    return false;
                }
            }
            return source.has(image.config().digest());
        }

        private Manifest.Image send(Manifest.Image image) throws IOException {
            List<Parallel.Job> jobs = new ArrayList<>();
            for (Descriptor layer : image.layers().stream().distinct().toList()) {
                if (!layer.isForeign()) {
                    progress.accept(Progress.step(layer.digest().brief(), "Preparing"));
                    jobs.add(() -> send(layer, progress));
                }
            }
            Parallel.run(LAYERS_AT_ONCE, jobs);
            send(image.config(), _ -> {});
            return image;
        }

        private void send(Descriptor blob, Consumer<Progress> to) throws IOException {
            String id = blob.digest().brief();
            if (repository.holds(blob.digest())) {
                to.accept(Progress.step(id, "Layer already exists"));
                return;
            }
            Pace pace = new Pace(to, id, "Pushing", blob.size());
            Reference from = order.sibling.orElse(null);
            if (from == null) {
                repository.push(blob, offset -> source.open(blob.digest(), offset), pace::at);
                to.accept(Progress.step(id, "Pushed"));
                return;
            }
            boolean isMounted =
                    repository.mountOrPush(blob, from, offset -> source.open(blob.digest(), offset), pace::at);
            to.accept(Progress.step(id, isMounted ? "Mounted from " + from.path() : "Pushed"));
        }

        private Manifest read(Descriptor descriptor) throws IOException {
            try (InputStream bytes = source.open(descriptor.digest(), 0)) {
                return Manifest.parse(bytes.readNBytes(Manifest.LARGEST_BYTES), descriptor.mediaType());
            }
        }
    }
}
