package io.panal.node.consensus;

import static java.lang.System.Logger.Level.WARNING;

import java.lang.reflect.Field;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.util.JvmPauseMonitor;

/// Ratis's watch for pauses of the virtual machine: it reads the collectors' counts three times a second, a twelfth of
/// what an idle manager costs, and ends the member after a minute's pause, though a term settles who leads. Ratis 3.3.0
/// has no setting against it.
final class PauseMonitor {
    private static final System.Logger LOG = System.getLogger(PauseMonitor.class.getName());
    private static final String FIELD = "pauseMonitor";

    private PauseMonitor() {}

    static void stop(RaftServer server) {
        try {
            Field field = server.getClass().getDeclaredField(FIELD);
            field.setAccessible(true);
            if (field.get(server) instanceof JvmPauseMonitor monitor) {
                monitor.stop();
            }
        } catch (ReflectiveOperationException changed) {
            LOG.log(WARNING, () -> "the engine watches for pauses reason=" + changed);
        }
    }
}
