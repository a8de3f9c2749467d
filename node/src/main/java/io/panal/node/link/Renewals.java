package io.panal.node.link;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.panal.node.identity.CertificateFiles;
import io.panal.node.identity.Credentials;
import io.panal.node.identity.Identity;
import io.panal.node.identity.Role;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Keeps a node's certificate valid, and fetches another one when its role has changed.
public final class Renewals implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Renewals.class.getName());
    private static final Duration ASK_LIMIT = Duration.ofSeconds(20);
    private static final Duration RETRY_MIN = Duration.ofSeconds(1);
    private static final Duration RETRY_MAX = Duration.ofMinutes(5);

    private final Identity identity;
    private final CertificateFiles files;
    private final Supplier<List<String>> managers;
    private final Consumer<Role> changed;
    private final Thread thread = Thread.ofVirtual().name("renewals").unstarted(this::run);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition asked = lock.newCondition();
    private boolean atOnce;

    /// @param managers every manager's `host:port` known at the moment
    /// @param changed is told the new role after the certificate that gives it is in use
    public Renewals(
            Identity identity, CertificateFiles files, Supplier<List<String>> managers, Consumer<Role> changed) {
        this.identity = identity;
        this.files = files;
        this.managers = managers;
        this.changed = changed;
    }

    public Renewals start() {
        thread.start();
        return this;
    }

    /// Asks for a certificate now: the managers say that this node has another role.
    public void atOnce() {
        lock.lock();
        try {
            atOnce = true;
            asked.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        Duration pause = RETRY_MIN;
        try {
            while (true) {
                Instant due = identity.credentials()
                        .renewAt(ThreadLocalRandom.current().nextDouble());
                awaitDue(due);
                while (!renewed()) {
                    Thread.sleep(pause);
                    pause = pause.compareTo(RETRY_MAX) < 0 ? pause.multipliedBy(2) : pause;
                }
                pause = RETRY_MIN;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitDue(Instant due) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Duration left = Duration.between(Instant.now(), due);
            while (!atOnce && left.isPositive()) {
                long _ =
                        asked.awaitNanos(left.compareTo(Duration.ofHours(1)) < 0 ? left.toNanos() : 3_600_000_000_000L);
                left = Duration.between(Instant.now(), due);
            }
            atOnce = false;
        } finally {
            lock.unlock();
        }
    }

    private boolean renewed() throws InterruptedException {
        var shuffled = new ArrayList<>(managers.get());
        Collections.shuffle(shuffled);
        for (String manager : shuffled) {
            switch (Joining.renew(manager, identity, ASK_LIMIT)) {
                case Joining.Joined.Admitted(Credentials credentials) -> {
                    return taken(credentials);
                }
                case Joining.Joined.Refused(String why) ->
                    LOG.log(WARNING, () -> "certificate not renewed manager=%s reason=%s".formatted(manager, why));
                case Joining.Joined.Unanswered(String why) ->
                    LOG.log(INFO, () -> "certificate not renewed yet manager=%s reason=%s".formatted(manager, why));
            }
        }
        return false;
    }

    private boolean taken(Credentials credentials) {
        Role before = identity.name().role();
        try {
            files.save(credentials);
        } catch (IOException e) {
            LOG.log(WARNING, () -> "certificate not kept reason=" + e.getMessage());
            return false;
        }
        identity.replace(credentials);
        Role now = identity.name().role();
        LOG.log(
                INFO,
                () -> "certificate renewed role=%s until=%s"
                        .formatted(now, credentials.certificate().getNotAfter().toInstant()));
        if (now != before) {
            changed.accept(now);
        }
        return true;
    }
}
