package io.panal.node.dataplane;

import io.panal.node.kernel.Conntrack;
import io.panal.node.kernel.Netlink;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Cuts connections to endpoints that are gone: forgotten, their next packet finds a live one or a refusal.
///
/// An endpoint that merely gets no new connections keeps those it has. The kernel walks its one large table for each
/// namespace, so this is done beside, for all that died meanwhile together.
final class DeadEndpoints {
    private static final System.Logger LOG = System.getLogger(DeadEndpoints.class.getName());

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Netlink, Set<InetAddress>> pending = new HashMap<>();
    private boolean working;

    /// Forgets the connections to some addresses in some namespaces, soon.
    void cut(Map<Netlink, Set<InetAddress>> dead) {
        lock.lock();
        try {
            dead.forEach((table, addresses) ->
                    pending.computeIfAbsent(table, _ -> new HashSet<>()).addAll(addresses));
            if (!working && !pending.isEmpty()) {
                working = true;
                Thread.ofVirtual().name("dead-endpoints").start(this::work);
            }
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        for (Map<Netlink, Set<InetAddress>> now = take(); !now.isEmpty(); now = take()) {
            now.forEach((table, addresses) -> {
                try {
                    Conntrack.forget(table, addresses);
                } catch (IOException gone) {
                    // The namespace's own task has left meanwhile.
                    LOG.log(Level.DEBUG, () -> "connections not cut reason=" + gone);
                }
            });
        }
    }

    /// What is to be done now; nothing ends the work.
    private Map<Netlink, Set<InetAddress>> take() {
        lock.lock();
        try {
            Map<Netlink, Set<InetAddress>> taken = new HashMap<>(pending);
            pending.clear();
            working = !taken.isEmpty();
            return taken;
        } finally {
            lock.unlock();
        }
    }
}
