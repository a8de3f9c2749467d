package io.panal.machines.host;

import java.io.InterruptedIOException;
import java.time.Duration;

/// The wait between two looks at something that the kernel does not announce.
final class Pause {
    private static final Duration BRIEF = Duration.ofMillis(5);
    private static final Duration SHORT = Duration.ofMillis(25);

    private Pause() {}

    static void briefly() throws InterruptedIOException {
        pause(BRIEF);
    }

    static void shortly() throws InterruptedIOException {
        pause(SHORT);
    }

    private static void pause(Duration duration) throws InterruptedIOException {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            var failure = new InterruptedIOException("interrupted");
            failure.initCause(interrupted);
            throw failure;
        }
    }
}
