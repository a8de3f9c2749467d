package io.panal.node.dataplane;

import io.panal.node.kernel.Echoes;
import io.panal.node.kernel.NetworkNamespace;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// Watches the hosts that this node sends to, so that one that dies gets no new connections within two to
/// three seconds, whatever the managers know or can decide by then.
///
/// Each node asks for itself: what counts is whether this node reaches that one. Hosts with IPv6 addresses are not
/// asked.
final class PeerWatch implements Closeable {
    private static final System.Logger LOG = System.getLogger(PeerWatch.class.getName());
    /// For the answers; who has not answered by then is asked again at once.
    private static final Duration ANSWER = Duration.ofMillis(300);
    /// From a round that all have answered to the next.
    private static final Duration PAUSE = Duration.ofMillis(1700);
    /// A thousand questions a second at most: with many hosts a round takes longer.
    private static final Duration PER_HOST = Duration.ofMillis(1);

    private final NetworkNamespace host;
    private final Runnable changed;
    private final Thread thread = Thread.ofPlatform().name("peers").daemon().unstarted(this::work);
    private volatile Set<InetAddress> watched = Set.of();
    private volatile Set<InetAddress> silent = Set.of();
    private volatile boolean closed;
    /// Of the thread alone.
    private final Silence silence = new Silence();

    /// @param changed called by a thread of its own when [#silent] says something else
    PeerWatch(NetworkNamespace host, Runnable changed) {
        this.host = host;
        this.changed = changed;
    }

    /// Those to watch from now on.
    void watch(Set<InetAddress> hosts) {
        Set<InetAddress> asked = new HashSet<>(hosts);
        asked.removeIf(each -> !(each instanceof Inet4Address));
        watched = Set.copyOf(asked);
        if (!watched.isEmpty() && thread.getState() == Thread.State.NEW) {
            thread.start();
        }
    }

    /// Those watched that answered before and do not any more.
    Set<InetAddress> silent() {
        return silent;
    }

    private void work() {
        try (Echoes echoes = Echoes.open(host)) {
            while (!closed) {
                Set<InetAddress> hosts = watched;
                for (InetAddress each : hosts) {
                    if (each instanceof Inet4Address asked) {
                        echoes.ask(asked);
                    }
                }
                LockSupport.parkNanos(atLeast(ANSWER, hosts.size()).toNanos());
                silence.round(hosts, echoes.answers());
                compare(silence.hosts());
                if (!silence.isDoubtful()) {
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            }
        } catch (IOException failure) {
            LOG.log(Level.WARNING, () -> "nodes not watched, the managers' word alone counts reason=" + failure);
        }
    }

    private static Duration atLeast(Duration wanted, int hosts) {
        Duration needed = PER_HOST.multipliedBy(hosts);
        return needed.compareTo(wanted) > 0 ? needed : wanted;
    }

    private void compare(Set<InetAddress> now) {
        Set<InetAddress> before = silent;
        if (now.equals(before)) {
            return;
        }
        silent = Set.copyOf(now);
        now.stream()
                .filter(each -> !before.contains(each))
                .forEach(each -> LOG.log(
                        Level.WARNING,
                        () -> "node is silent, its tasks get no new connections address=" + each.getHostAddress()));
        before.stream()
                .filter(each -> !now.contains(each))
                .forEach(
                        each -> LOG.log(Level.INFO, () -> "node is no longer silent address=" + each.getHostAddress()));
        changed.run();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
