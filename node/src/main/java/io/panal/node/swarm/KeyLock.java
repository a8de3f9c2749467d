package io.panal.node.swarm;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.panal.core.model.Cluster;
import io.panal.core.store.View;
import io.panal.node.identity.CertificateFiles;
import io.panal.node.identity.Identity;
import io.panal.node.identity.SealingKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Keeps a manager's keys sealed on disk with the unlock key that the swarm has now, or open when it has none.
final class KeyLock implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(KeyLock.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ManagerSeat manager;
    private final CertificateFiles files;
    private final Identity identity;
    private final Runnable renew;
    private final Semaphore changes = new Semaphore(1);
    private final Runnable unwatch;
    private final Thread thread = Thread.ofVirtual().name("key-lock").unstarted(this::run);

    /// @param renew asks for another certificate, with another key; must not block
    KeyLock(ManagerSeat manager, CertificateFiles files, Identity identity, Runnable renew) {
        this.manager = manager;
        this.files = files;
        this.identity = identity;
        this.renew = renew;
        unwatch = manager.state().watch((before, _, after) -> {
            if (!key(before).equals(key(after))) {
                changes.release();
            }
        });
        thread.start();
    }

    private static Optional<String> key(View view) {
        return view.cluster().flatMap(Cluster::unlockKey);
    }

    private void run() {
        try {
            while (true) {
                changes.acquire();
                int _ = changes.drainPermits();
                // A restarted manager reads its log from the beginning: keys of the past would come by.
                while (!manager.catchUp(PATIENCE)) {
                    Thread.sleep(PAUSE);
                }
                lock();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void lock() throws InterruptedException {
        if (manager.view().cluster().isEmpty()) {
            return;
        }
        try {
            Optional<SealingKey> key = key(manager.view()).flatMap(SealingKey::ofUnlockKey);
            if (!files.isLockedWith(key)) {
                boolean isFirst = files.isLockedWith(Optional.empty());
                SealingKey next = SealingKey.fresh();
                manager.consensus().moveTo(next, () -> files.lockWith(key, next, identity.credentials()));
                LOG.log(INFO, () -> "keys on disk " + (key.isPresent() ? "locked" : "open"));
                if (isFirst) {
                    // The key of its certificate lay open as well.
                    renew.run();
                }
            }
            manager.consensus().sealFor(key.map(KeyLock::purpose).orElse(0L));
        } catch (IOException failed) {
            LOG.log(WARNING, "the keys on disk were not sealed anew; it is tried again", failed);
            Thread.sleep(PAUSE);
            changes.release();
        }
    }

    /// Tells one unlock key from another, and nothing else of it.
    private static long purpose(SealingKey key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.encoded());
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public void close() {
        unwatch.run();
        thread.interrupt();
    }
}
