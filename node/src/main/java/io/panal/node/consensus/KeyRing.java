package io.panal.node.consensus;

import io.panal.node.disk.DurableFile;
import io.panal.node.identity.SealingKey;
import java.io.IOException;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// This member's data keys, on its disk sealed with the disk key. Both may change while the member runs.
final class KeyRing {
    private static final byte[] BOUND = {'k'};

    private final ConsensusSettings settings;
    private volatile DataKeys keys;
    private SealingKey diskKey;

    private KeyRing(ConsensusSettings settings, DataKeys keys) {
        this.settings = settings;
        this.keys = keys;
        diskKey = settings.diskKey();
    }

    /// Puts a new member's keys on its disk.
    static KeyRing begin(ConsensusSettings settings, DataKeys keys) throws IOException {
        KeyRing ring = new KeyRing(settings, keys);
        ring.file().save(ring.sealed(ring.diskKey));
        return ring;
    }

    /// @throws IOException also when the directory holds none, or none that the disk key opens
    static KeyRing load(ConsensusSettings settings) throws IOException {
        Optional<byte[]> saved = new DurableFile(settings.keys()).load();
        if (saved.isEmpty()) {
            throw new IOException(settings.directory() + " holds no log");
        }
        // After a crash between the two steps of a change the disk key's successor is in use, or not.
        DurableFile next = new DurableFile(settings.nextKeys());
        Optional<byte[]> opened = opened(settings, saved.get());
        if (opened.isEmpty() && next.load().isPresent()) {
            opened = opened(settings, next.load().get());
        }
        KeyRing ring = begin(
                settings,
                DataKeys.decode(opened.orElseThrow(() -> new IOException(
                        "the data keys in %s cannot be opened with this node's key".formatted(settings.directory())))));
        next.remove();
        return ring;
    }

    private static Optional<byte[]> opened(ConsensusSettings settings, byte[] sealed) {
        try {
            return Optional.of(settings.diskKey().open(sealed, BOUND));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    DataKeys keys() {
        return keys;
    }

    /// Keeps other keys, durably when it returns.
    synchronized void change(UnaryOperator<DataKeys> step) throws IOException {
        DataKeys before = keys;
        keys = step.apply(before);
        try {
            file().save(sealed(diskKey));
        } catch (IOException e) {
            keys = before;
            throw e;
        }
    }

    /// Seals the keys with another disk key, which comes into use in between; at every moment one of the two opens
    /// them.
    synchronized void move(SealingKey next, Consensus.DiskKeyChange use) throws IOException {
        DurableFile after = new DurableFile(settings.nextKeys());
        after.save(sealed(next));
        use.make();
        diskKey = next;
        file().save(sealed(next));
        after.remove();
    }

    private DurableFile file() {
        return new DurableFile(settings.keys());
    }

    private byte[] sealed(SealingKey with) {
        return with.seal(keys.encoded(), BOUND);
    }
}
