package io.panal.node.identity;

import io.panal.node.disk.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A node's credentials on disk: `swarm-root-ca.crt`, `swarm-node.crt`, `swarm-node.key`, each 0600.
///
/// The key's file also holds the disk key, with which the manager's data keys are sealed. While the swarm locks its
/// managers both are sealed with the unlock key, so that one rename locks everything.
public final class CertificateFiles {
    private static final String DISK_KEY = "DISK KEY";
    private static final String SEALED = "SEALED KEYS";
    private static final byte[] BOUND = SEALED.getBytes(StandardCharsets.US_ASCII);

    private final Path directory;
    private Optional<SealingKey> unlockKey = Optional.empty();
    private @Nullable SealingKey diskKey;

    /// @param directory `DATA/swarm/certificates`
    public CertificateFiles(Path directory) {
        this.directory = directory;
    }

    /// Writes all three. The key's file holds the certificate as well and is the one that counts: both
    /// change by one rename.
    public synchronized void save(Credentials credentials) throws IOException {
        write(roots(), credentials.rootsText());
        write(key(), kept(credentials.keyText() + Pem.text(DISK_KEY, diskKey().encoded())) + credentials.chainText());
        write(certificate(), credentials.chainText());
    }

    private String kept(String keys) {
        return unlockKey
                .map(key -> Pem.text(SEALED, key.seal(keys.getBytes(StandardCharsets.US_ASCII), BOUND)))
                .orElse(keys);
    }

    /// Writes all three so that only this key opens them; empty leaves them open.
    public synchronized void lockWith(Optional<SealingKey> key, Credentials credentials) throws IOException {
        if (!unlockKey.equals(key)) {
            unlockKey = key;
            save(credentials);
        }
    }

    public synchronized boolean isLockedWith(Optional<SealingKey> key) {
        return unlockKey.equals(key);
    }

    /// [#lockWith], and another disk key with it: who has read the files before knows none that is in use.
    public synchronized void lockWith(Optional<SealingKey> key, SealingKey nextDiskKey, Credentials credentials)
            throws IOException {
        Optional<SealingKey> formerLock = unlockKey;
        SealingKey formerDisk = diskKey();
        unlockKey = key;
        diskKey = nextDiskKey;
        boolean done = false;
        try {
            save(credentials);
            done = true;
        } finally {
            if (!done) {
                unlockKey = formerLock;
                diskKey = formerDisk;
            }
        }
    }

    /// Whether an unlock key is needed before [#load].
    public synchronized boolean isLocked() throws IOException {
        Optional<String> text = read(key());
        return unlockKey.isEmpty()
                && text.isPresent()
                && !Pem.blocks(text.get(), SEALED).isEmpty();
    }

    /// Takes the unlock key into use.
    ///
    /// @return false when it is the wrong one
    public synchronized boolean unlock(SealingKey key) throws IOException {
        String text = read(key()).orElse("");
        for (byte[] sealed : Pem.blocks(text, SEALED)) {
            try {
                byte[] _ = key.open(sealed, BOUND);
            } catch (IOException _) {
                return false;
            }
        }
        unlockKey = Optional.of(key);
        return true;
    }

    /// What was saved; empty when the node has never joined, or has left.
    ///
    /// @throws IOException when the files are damaged, do not belong together, or are locked
    public synchronized Optional<Credentials> load() throws IOException {
        Optional<String> rootsText = read(roots());
        Optional<String> text = read(key());
        if (rootsText.isEmpty() || text.isEmpty()) {
            return Optional.empty();
        }
        String keys = opened(text.get());
        List<byte[]> disk = Pem.blocks(keys, DISK_KEY);
        if (!disk.isEmpty()) {
            diskKey = SealingKey.decode(disk.getFirst());
        }
        var credentials =
                new Credentials(Pem.key(keys), Pem.certificates(text.get()), Pem.certificates(rootsText.get()));
        if (credentials.chain().isEmpty() || !credentials.keyFits()) {
            throw new IOException(directory + ": the node's key and certificate do not belong together");
        }
        return Optional.of(credentials);
    }

    private String opened(String text) throws IOException {
        List<byte[]> sealed = Pem.blocks(text, SEALED);
        if (sealed.isEmpty()) {
            return text;
        }
        SealingKey key = unlockKey.orElseThrow(() -> new IOException(directory + ": the node's keys are locked"));
        return new String(key.open(sealed.getFirst(), BOUND), StandardCharsets.US_ASCII);
    }

    /// What this node seals its own files with; made when it is first asked for.
    public synchronized SealingKey diskKey() {
        SealingKey known = diskKey;
        if (known == null) {
            known = SealingKey.fresh();
            diskKey = known;
        }
        return known;
    }

    /// Forgets the identity, when the node leaves the swarm.
    public synchronized void remove() throws IOException {
        key().remove();
        certificate().remove();
        roots().remove();
        unlockKey = Optional.empty();
        diskKey = null;
    }

    private DurableFile roots() {
        return new DurableFile(directory.resolve("swarm-root-ca.crt"));
    }

    private DurableFile certificate() {
        return new DurableFile(directory.resolve("swarm-node.crt"));
    }

    private DurableFile key() {
        return new DurableFile(directory.resolve("swarm-node.key"));
    }

    private static void write(DurableFile file, String text) throws IOException {
        file.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static Optional<String> read(DurableFile file) throws IOException {
        return file.read().map(bytes -> new String(bytes, StandardCharsets.US_ASCII));
    }
}
