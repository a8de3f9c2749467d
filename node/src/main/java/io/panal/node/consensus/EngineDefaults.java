package io.panal.node.consensus;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.ratis.protocol.RaftPeerId;
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

    /// Threads of engines that an exception has ended, by name, which begins with the member's id.
    private static final Set<String> LOST = ConcurrentHashMap.newKeySet();

    private EngineDefaults() {}

    /// A member begins: what became of its former life, and of members that are closed, does not count for it.
    static void begin(RaftPeerId member) {
        LOST.removeIf(name -> isOf(member, name));
        ExitUtils.clear();
    }

    /// Whether the engine cannot go on as this member: it would have ended the process, or has lost a thread.
    static boolean hasGivenUp(RaftPeerId member) {
        return ExitUtils.isTerminated() || LOST.stream().anyMatch(name -> isOf(member, name));
    }

    private static boolean isOf(RaftPeerId member, String thread) {
        return thread.startsWith(member.toString());
    }

    /// Once for the process, however often it is asked for.
    static void use() {}

    // Ratis would end the process at any thread's uncaught exception, be the thread its own or not; one of a member
    // that is being closed says nothing of the next.
    private static void keepExitsToTheEngine() {
        Thread.UncaughtExceptionHandler others = Thread.getDefaultUncaughtExceptionHandler();
        ExitUtils.disableSystemExit();
        Thread.setDefaultUncaughtExceptionHandler((thread, problem) -> {
            if (thread instanceof Daemon) {
                LOG.log(System.Logger.Level.ERROR, "the engine's thread ended name=" + thread.getName(), problem);
                LOST.add(thread.getName());
            } else if (others != null) {
                others.uncaughtException(thread, problem);
            } else {
                LOG.log(System.Logger.Level.ERROR, "thread ended name=" + thread.getName(), problem);
            }
        });
    }
}
