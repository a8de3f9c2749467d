package io.panal.node.dataplane;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The ports of this node: those published by the mesh and those of single tasks, each held and redirected.
final class NodePorts implements Closeable {
    private static final String NO_ADDRESS = "127.0.0.1";

    private final PortReservations reservations;
    private final HostTable table;
    private final GatewayBridge gateway;
    private final Bridges bridges;

    NodePorts(PortReservations reservations, HostTable table, GatewayBridge gateway, Bridges bridges) {
        this.reservations = reservations;
        this.table = table;
        this.gateway = gateway;
        this.bridges = bridges;
    }

    /// Compares the table with what was written last; the next [#match] writes it whole where it differs.
    void check(Findings findings) throws IOException {
        Optional<String> difference = table.difference(findings.tables());
        if (difference.isPresent()
                && findings.mends("node", HostTable.WHOLE.shown(), difference.get(), TableCheck.AS_WRITTEN)) {
            table.forget();
        }
    }

    /// Makes reservations and redirections match.
    ///
    /// @param tasks those that are ready for connections
    /// @param preparing those whose ports are held only
    void match(Optional<NetworkState> state, List<TaskPlan> tasks, List<TaskPlan> preparing, List<String> found)
            throws IOException {
        Optional<Overlay> ingress = state.flatMap(NetworkState::ingress);
        Map<HostPortKey, List<HostTable.Target>> wanted = new TreeMap<>();
        for (Overlay.Published port : ingress.map(Overlay::published).orElse(List.of())) {
            HostPortKey.of(port.protocol(), port.publishedPort())
                    .ifPresentOrElse(
                            key -> wanted.put(key, targets(port)),
                            () -> found.add("port %d/%s is not published: nodes carry tcp and udp only"
                                    .formatted(port.publishedPort(), port.protocol())));
        }
        for (TaskPlan plan : tasks) {
            wanted.putAll(targets(plan));
        }
        hold(wanted, preparing, found);
        HostTable.Inside inside = new HostTable.Inside(gateway.subnet(), bridges.wanted());
        if (!inside.isEmpty()) {
            table.match(
                    new HostTable.Entry(
                            InetAddress.ofLiteral(
                                    state.map(NetworkState::nodeAddress).orElse(NO_ADDRESS)),
                            inside),
                    wanted);
        } else if (!table.isAbsent()) {
            table.remove();
        }
    }

    private static List<HostTable.Target> targets(Overlay.Published port) {
        return port.backends().stream()
                .map(ip -> new HostTable.Target(InetAddress.ofLiteral(ip), port.targetPort()))
                .toList();
    }

    private static Map<HostPortKey, List<HostTable.Target>> targets(TaskPlan plan) {
        Map<HostPortKey, List<HostTable.Target>> targets = new TreeMap<>();
        plan.hostPortAddress()
                .ifPresent(address -> plan.task()
                        .hostPorts()
                        .forEach(port -> HostPortKey.of(port)
                                .ifPresent(key ->
                                        targets.put(key, List.of(new HostTable.Target(address, port.targetPort()))))));
        return targets;
    }

    private void hold(Map<HostPortKey, List<HostTable.Target>> wanted, List<TaskPlan> preparing, List<String> found)
            throws IOException {
        Set<HostPortKey> keep = new HashSet<>(wanted.keySet());
        preparing.forEach(plan -> keep.addAll(plan.hostPortKeys()));
        reservations.keep(keep);
        for (HostPortKey port : List.copyOf(wanted.keySet())) {
            try {
                reservations.reserve(port);
            } catch (PortTakenException taken) {
                // The program that has it keeps it: a redirection would take its clients away.
                wanted.remove(port);
                found.add(String.valueOf(taken.getMessage()));
            }
        }
    }

    /// Holds the ports of a task to be, all or none.
    void reserve(List<TaskNetwork.HostPort> wanted) throws IOException {
        List<HostPortKey> held = new ArrayList<>();
        try {
            for (TaskNetwork.HostPort port : wanted) {
                HostPortKey key = HostPortKey.of(port)
                        .orElseThrow(
                                () -> new IOException("port %d/%s cannot be published: nodes carry tcp and udp only"
                                        .formatted(port.publishedPort(), port.protocol())));
                if (reservations.holds(key)) {
                    throw new PortTakenException(key);
                }
                reservations.reserve(key);
                held.add(key);
            }
        } catch (IOException failure) {
            for (HostPortKey key : held) {
                reservations.release(key);
            }
            throw failure;
        }
    }

    /// Holds those of one task that are new, and lets go of none: the next [#match] does.
    void exchange(List<TaskNetwork.HostPort> before, List<TaskNetwork.HostPort> wanted) throws IOException {
        reserve(wanted.stream().filter(port -> !before.contains(port)).toList());
    }

    /// Holds the ports of a task that was there before this daemon.
    void adopt(TaskPlan plan) throws IOException {
        for (HostPortKey port : plan.hostPortKeys()) {
            reservations.reserve(port);
        }
    }

    void clear() throws IOException {
        reservations.close();
        table.remove();
    }

    @Override
    public void close() throws IOException {
        reservations.close();
    }
}
