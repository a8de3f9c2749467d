package io.panal.node.actor;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;

import io.panal.core.Actor;
import io.panal.node.time.HostClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An actor on a thread of its own.
///
/// An exception out of the actor is a broken invariant: the node stops, for a replica that goes on wrong is worse than
/// one that is started again.
///
/// @param <E> what it hears
/// @param <F> what it wants done
public final class ActorLoop<E, F> implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ActorLoop.class.getName());
    private static final Duration IDLE = Duration.ofHours(1);

    private final String name;
    private final Actor<E, F> actor;
    private final Timekeeping<E> timekeeping;
    private final Consumer<F> performer;
    private final Consumer<String> broken;
    private final HostClock clock = new HostClock();
    private final BlockingQueue<E> mailbox = new LinkedBlockingQueue<>();
    private final Thread thread;

    /// The events that no one but the clock brings.
    ///
    /// @param woken for a time that has come
    /// @param clockJumped for a clock that was set, by so much
    public record Timekeeping<E>(Supplier<E> woken, Function<Duration, E> clockJumped) {}

    /// @param name of the thread
    /// @param performer does one effect; must not block
    /// @param broken is told why the actor cannot go on
    public ActorLoop(
            String name,
            Actor<E, F> actor,
            Timekeeping<E> timekeeping,
            Consumer<F> performer,
            Consumer<String> broken) {
        this.name = name;
        this.actor = actor;
        this.timekeeping = timekeeping;
        this.performer = performer;
        this.broken = broken;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    public ActorLoop<E, F> start() {
        thread.start();
        return this;
    }

    /// Leaves an event in the mailbox; never blocks.
    public void tell(E event) {
        mailbox.add(event);
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                E event = next();
                HostClock.Look look = clock.look();
                if (look.isJump()) {
                    LOG.log(INFO, () -> "clock was set actor=%s by=%s".formatted(name, look.jump()));
                    hear(timekeeping.clockJumped().apply(look.jump()), look.now());
                }
                hear(event == null ? timekeeping.woken().get() : event, look.now());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error invariant) {
            LOG.log(ERROR, "actor stopped name=" + name, invariant);
            broken.accept(name + ": " + invariant);
        }
    }

    private void hear(E event, Instant now) {
        for (F effect : actor.on(event, now)) {
            performer.accept(effect);
        }
    }

    private @Nullable E next() throws InterruptedException {
        Duration wait = actor.wakeAt()
                .map(clock::until)
                .filter(left -> left.compareTo(IDLE) < 0)
                .orElse(IDLE);
        return wait.isPositive() ? mailbox.poll(wait.toNanos(), TimeUnit.NANOSECONDS) : mailbox.poll();
    }

    /// Waits until the thread has ended; what is left in the mailbox is dropped.
    @Override
    public void close() {
        thread.interrupt();
        if (Thread.currentThread() != thread) {
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
