package io.panal.node.consensus;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.ratis.util.Daemon;
import org.apache.ratis.util.ExitUtils;

/// What Ratis does to the whole process unless it is told otherwise.
final class EngineDefaults {
    private static final System.Logger LOG = System.getLogger(EngineDefaults.class.getName());
    // Held here, since the logging system forgets loggers nobody holds.
    private static final Logger QUIET = Logger.getLogger("org.apache.ratis");

    static {
        QUIET.setLevel(Level.SEVERE);
        keepExitsToTheEngine();
    }

    private EngineDefaults() {}

    /// Once for the process, however often it is asked for.
    static void use() {}

    // Ratis would end the process at any thread's uncaught exception, be the thread its own or not.
    private static void keepExitsToTheEngine() {
        Thread.UncaughtExceptionHandler others = Thread.getDefaultUncaughtExceptionHandler();
        ExitUtils.disableSystemExit();
        Thread.UncaughtExceptionHandler engines = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, problem) -> {
            if (thread instanceof Daemon && engines != null) {
                engines.uncaughtException(thread, problem);
            } else if (others != null) {
                others.uncaughtException(thread, problem);
            } else {
                LOG.log(System.Logger.Level.ERROR, "thread ended name=" + thread.getName(), problem);
            }
        });
    }
}
