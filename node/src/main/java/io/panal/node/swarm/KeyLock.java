package io.panal.node.swarm;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.panal.core.model.Cluster;
import io.panal.core.store.View;
import io.panal.node.identity.CertificateFiles;
import io.panal.node.identity.Identity;
import io.panal.node.identity.SealingKey;
import java.io.IOException;
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
    private final Semaphore changes = new Semaphore(1);
    private final Runnable unwatch;
    private final Thread thread = Thread.ofVirtual().name("key-lock").unstarted(this::run);

    KeyLock(ManagerSeat manager, CertificateFiles files, Identity identity) {
        this.manager = manager;
        this.files = files;
        this.identity = identity;
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
            files.lockWith(key, identity.credentials());
            LOG.log(INFO, () -> "keys on disk " + (key.isPresent() ? "locked" : "open"));
        } catch (IOException failed) {
            LOG.log(WARNING, "the keys on disk were not sealed anew; it is tried again", failed);
            Thread.sleep(PAUSE);
            changes.release();
        }
    }

    @Override
    public void close() {
        unwatch.run();
        thread.interrupt();
    }
}
