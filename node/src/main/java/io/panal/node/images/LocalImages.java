package io.panal.node.images;

import static java.lang.System.Logger.Level.INFO;

import io.panal.images.client.Credentials;
import io.panal.images.client.RegistryClient;
import io.panal.images.manifest.Descriptor;
import io.panal.images.reference.InvalidReferenceException;
import io.panal.images.reference.Reference;
import io.panal.images.transfer.Progress;
import io.panal.images.transfer.PulledImage;
import io.panal.images.transfer.Puller;
import io.panal.images.transfer.Pusher;
import io.panal.node.containers.ImageStore;
import io.panal.node.time.Stopwatch;
import io.panal.node.work.TaskWork;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Pulls, pushes, and finds the images of tasks.
///
/// Names in the store are whole: `docker.io/library/nginx:1.27`, `docker.io/library/nginx@sha256:...`.
public final class LocalImages implements TaskWork.ImageSource {
    private static final System.Logger LOG = System.getLogger(LocalImages.class.getName());
    /// Tasks of one service come together: what one of them was answered holds for all.
    private static final Duration SAME_ANSWER = Duration.ofSeconds(5);

    private final ImageStore store;
    private final StoreSink sink;
    private final Puller puller;
    private final Pusher pusher;
    private final Map<String, ReentrantLock> pulling = new ConcurrentHashMap<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    private record Answer(Stopwatch age, Optional<String> refusal) {
        boolean isFresh() {
            return !age.hasReached(SAME_ANSWER);
        }
    }

    public LocalImages(ImageStore store, RegistryClient client) {
        this.store = store;
        this.sink = new StoreSink(store);
        this.puller = new Puller(client, sink);
        this.pusher = new Pusher(client, new StoreSource(store));
    }

    public ImageStore store() {
        return store;
    }

    /// What a name stands for in its registry.
    public Puller.Resolved resolve(Reference name, Credentials credentials) throws IOException {
        return puller.resolve(new Puller.Order(name, credentials));
    }

    public PulledImage pull(Reference name, Credentials credentials, Consumer<Progress> progress) throws IOException {
        Stopwatch begin = Stopwatch.started();
        PulledImage pulled;
        try (StoreSink.Hold _ = sink.hold()) {
            pulled = puller.pull(new Puller.Order(name, credentials), progress);
        }
        LOG.log(
                INFO,
                () -> "image pulled reference=%s digest=%s took=%s"
                        .formatted(name, pulled.target().digest(), begin.elapsed()));
        return pulled;
    }

    /// @param target the manifest or index in the store
    public Descriptor push(Reference name, Descriptor target, Credentials credentials, Consumer<Progress> progress)
            throws IOException {
        return pusher.push(new Pusher.Order(name, target, credentials), progress);
    }

    /// What a whole name is called in the store: by its digest when it has one, else by its tag.
    public static String storeName(Reference name) {
        Reference tagged = name.taggedByDefault();
        return tagged.digest()
                .map(digest -> tagged.name() + "@" + digest)
                .orElseGet(() -> tagged.name() + ":" + tagged.selector());
    }

    /// As dockerd does for a task: a digest that is here is not asked for again, a tag is, and when no registry has it
    /// the local one serves.
    @Override
    public String ensure(String text, String registryAuth) throws IOException, InterruptedException {
        Reference name;
        try {
            name = Reference.parse(text).taggedByDefault();
        } catch (InvalidReferenceException invalid) {
            throw new IOException(invalid.getMessage(), invalid);
        }
        String key = storeName(name);
        if (name.digest().isPresent() && store.has(key)) {
            return key;
        }
        ReentrantLock lock = pulling.computeIfAbsent(key, _ -> new ReentrantLock());
        lock.lockInterruptibly();
        try {
            Answer answer = answers.get(key);
            if (answer == null || !answer.isFresh()) {
                answer = new Answer(Stopwatch.started(), refusal(name, registryAuth));
                answers.put(key, answer);
            }
            if (answer.refusal().isPresent() && !store.has(key)) {
                throw new IOException("No such image: %s (%s)"
                        .formatted(name.familiar(), answer.refusal().get()));
            }
            return key;
        } finally {
            lock.unlock();
            answers.values().removeIf(old -> !old.isFresh());
        }
    }

    private Optional<String> refusal(Reference name, String registryAuth) {
        try {
            PulledImage _ = pull(name, RegistryAuth.read(registryAuth), _ -> {});
            return Optional.empty();
        } catch (IOException refused) {
            LOG.log(INFO, () -> "image not pulled reference=%s reason=%s".formatted(name, refused.getMessage()));
            return Optional.of(String.valueOf(refused.getMessage()));
        }
    }
}
