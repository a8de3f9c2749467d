package io.panal.cli.progress;

import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/// Looks again and again until what is watched is done; an interrupt ends the looking, not the thing.
public final class Watch {
    private static final Duration PAUSE = Duration.ofMillis(200);

    private Watch() {}

    /// One look.
    @FunctionalInterface
    public interface Look {
        /// @return whether it is done
        boolean isDone() throws Failure, IOException;
    }

    /// @param interrupted said when the user interrupts
    public static void until(Session session, Look look, Runnable interrupted) throws Failure, IOException {
        var watching = new AtomicBoolean(true);
        // The process ends with 0 then, as docker's does: what was asked for goes on.
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            if (watching.get()) {
                interrupted.run();
                Runtime.getRuntime().halt(0);
            }
        }));
        try {
            while (!look.isDone()) {
                session.pause(PAUSE);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            watching.set(false);
        }
    }
}
