package io.panal.node.dataplane;

import io.panal.node.kernel.Links;
import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.OpenDescriptor;
import io.panal.node.kernel.Routes;
import io.panal.node.sealing.SealingLink;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// All overlays on this host, and the host's own endpoint in the ingress network.
///
/// A namespace's file is named by tunnel number and network, so that leftovers are known by their name.
final class Overlays implements Closeable {
    /// The near end of the host's own cable into the ingress network.
    static final String INGRESS_PORT = "host";

    private static final List<Settings.Setting> SETTINGS = List.of(
            new Settings.Setting("ipv4/conf/" + HostTable.INGRESS + "/route_localnet", "1"),
            new Settings.Setting("ipv4/conf/" + HostTable.INGRESS + "/rp_filter", "0"),
            new Settings.Setting("ipv4/conf/" + HostTable.INGRESS + "/forwarding", "1"));

    private static final System.Logger LOG = System.getLogger(Overlays.class.getName());
    private static final int LARGEST_MTU = 9000;
    private static final int ETHERNET_MTU = 1500;
    private static final int ANY_PORT = 9;

    private final Dataplane.Place place;
    private final Netlink route;
    private final Settings settings;
    private final Sealings sealings;
    private final Map<String, OverlayBridge> bridges = new HashMap<>();
    /// Of those wanted last, by id: why not.
    private final Map<String, String> unusable = new HashMap<>();

    Overlays(Dataplane.Place place, Netlink route, Settings settings) {
        this.place = place;
        this.route = route;
        this.settings = settings;
        this.sealings = new Sealings(place.host());
    }

    /// Whether a daemon before this one made any.
    boolean areThere() throws IOException {
        return !Dataplane.files(place.overlays()).isEmpty();
    }

    /// Makes all overlays match; one that no longer is wanted stays while tasks are on it.
    void match(NetworkState wanted, LocalTasks tasks, List<String> found, Findings findings) throws IOException {
        unusable.clear();
        OverlayBridge.Underlay underlay;
        try {
            underlay = underlay(wanted);
        } catch (IOException failure) {
            wanted.overlays().forEach(overlay -> unusable.put(overlay.id(), sentence(overlay, failure)));
            throw failure;
        }
        if (findings.isMending()) {
            matchSealings(wanted, underlay);
            removeOthers(wanted, tasks.plans());
        }
        for (Overlay overlay : wanted.overlays()) {
            try {
                match(overlay, underlay, tasks, findings);
                matchCables(overlay, tasks.readyPlans(), found, findings);
            } catch (IOException failure) {
                unusable.put(overlay.id(), sentence(overlay, failure));
                found.add(sentence(overlay, failure));
            }
        }
    }

    private void matchSealings(NetworkState wanted, OverlayBridge.Underlay underlay) throws IOException {
        if (wanted.overlays().stream().allMatch(overlay -> overlay.keys().isEmpty())) {
            sealings.close();
            return;
        }
        InetAddress known = InetAddress.ofLiteral(wanted.nodeAddress());
        sealings.speakFrom(new SealingLink.Local(known, underlay.address(), wanted.sealingPort()));
    }

    private static String sentence(Overlay overlay, IOException failure) {
        return "network %s is not usable on this node: %s".formatted(overlay.name(), failure.getMessage());
    }

    private OverlayBridge.Underlay underlay(NetworkState wanted) throws IOException {
        InetAddress address = InetAddress.ofLiteral(wanted.nodeAddress());
        Routes.Held held = held(address)
                .orElseThrow(() -> new IOException("no interface of this node holds the address " + wanted.nodeAddress()
                        + ": give one that `ip address` shows"));
        int link = held.link();
        int mtu = Links.list(route).stream()
                .filter(each -> each.index() == link)
                .findFirst()
                .map(Links.Link::mtu)
                .orElse(ETHERNET_MTU);
        // Only the loopback device carries more than jumbo frames.
        return new OverlayBridge.Underlay(
                held.address(), wanted.dataPathPort(), Math.min(mtu, LARGEST_MTU), route, sealings);
    }

    /// The address itself, or, when it is a translating gateway's, the one that packets to there leave from.
    private Optional<Routes.Held> held(InetAddress address) throws IOException {
        List<Routes.Held> all = Routes.addresses(route);
        return all.stream()
                .filter(own -> own.address().equals(address))
                .findFirst()
                .or(() -> source(address)
                        .flatMap(from -> all.stream()
                                .filter(own -> own.address().equals(from))
                                .findFirst()));
    }

    /// Nothing is sent.
    private static Optional<InetAddress> source(InetAddress target) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(target, ANY_PORT));
            return Optional.of(socket.getLocalAddress());
        } catch (SocketException _) {
            return Optional.empty();
        }
    }

    private void removeOthers(NetworkState wanted, List<TaskPlan> plans) throws IOException {
        Set<String> keep = new HashSet<>();
        wanted.overlays().forEach(overlay -> keep.add(fileName(overlay)));
        for (Path file : Dataplane.files(place.overlays())) {
            String name = file.getFileName().toString();
            boolean inUse =
                    plans.stream().anyMatch(plan -> plan.wireIn(idOf(name)).isPresent());
            if (!keep.contains(name) && !inUse) {
                remove(file);
                LOG.log(Level.INFO, () -> "overlay removed network=" + name);
            }
        }
    }

    private void match(Overlay overlay, OverlayBridge.Underlay underlay, LocalTasks tasks, Findings findings)
            throws IOException {
        OverlayBridge bridge = bridges.get(overlay.id());
        if (bridge == null) {
            bridge = OverlayBridge.at(place.overlays().resolve(fileName(overlay)));
            bridges.put(overlay.id(), bridge);
        }
        Set<InetAddress> local = new HashSet<>();
        overlay.hostAddress().ifPresent(own -> local.add(Cidr.of(own).address()));
        tasks.plans().stream()
                .flatMap(plan -> plan.wireIn(overlay.id()).stream())
                .flatMap(wire -> wire.addresses().stream())
                .forEach(own -> local.add(own.address()));
        bridge.match(overlay, underlay, local, findings);
        if (overlay.ingress() && overlay.hostAddress().isPresent()) {
            matchIngress(bridge, Cidr.of(overlay.hostAddress().get()), findings);
        }
    }

    /// The near ends of what is connected to an overlay: the host's own cable and those of tasks.
    private void matchCables(Overlay overlay, List<TaskPlan> ready, List<String> found, Findings findings)
            throws IOException {
        List<Cable> cables = new ArrayList<>();
        if (overlay.ingress()) {
            overlay.hostAddress()
                    .ifPresent(own -> cables.add(new Cable(
                            "node",
                            INGRESS_PORT,
                            HostTable.INGRESS,
                            Cidr.of(own).address(),
                            place.host())));
        }
        for (TaskPlan plan : ready) {
            plan.wireIn(overlay.id()).ifPresent(wire -> cables.add(Cable.of(plan, wire, place)));
        }
        OverlayBridge bridge = bridges.get(overlay.id());
        if (bridge != null) {
            bridge.matchCables(cables, found, findings);
        }
    }

    /// Whether something in an overlay was changed, by anybody, since this was asked last.
    boolean isTouched() throws IOException {
        boolean touched = false;
        for (OverlayBridge bridge : bridges.values()) {
            touched |= bridge.isTouched();
        }
        return touched;
    }

    private static String marked(String alias, int mtu) {
        return "%s mtu %d".formatted(alias.isEmpty() ? "without a mark" : alias, mtu);
    }

    /// The host is one more endpoint of the ingress network.
    private void matchIngress(OverlayBridge bridge, Cidr own, Findings findings) throws IOException {
        String mark = "panal ingress " + own;
        Optional<Links.Link> there = Links.find(route, HostTable.INGRESS);
        boolean right = there.filter(link -> link.alias().equals(mark) && link.mtu() == bridge.mtu())
                .isPresent();
        String what = "interface " + HostTable.INGRESS;
        String found = there.map(link -> marked(link.alias(), link.mtu())).orElse("missing");
        if (findings.mendsUnless(right, "node", what, found, marked(mark, bridge.mtu()))) {
            route.send(Links.remove(HostTable.INGRESS));
            try (OpenDescriptor host = place.host().open()) {
                bridge.connect(INGRESS_PORT, HostTable.INGRESS, own.address(), host);
            }
            int index = Links.required(route, HostTable.INGRESS).index();
            route.send(Links.up(index), Routes.address(index, own.address(), own.prefix()), Links.alias(index, mark));
            settings.write(SETTINGS);
        }
        new HostDevice("node", HostTable.INGRESS, List.of(own)).match(route, HostDevice.There.of(route), findings);
        settings.match(SETTINGS, false, findings);
    }

    /// The overlay that a task is to be put on.
    ///
    /// @throws IOException why no task can be put on it, in a sentence for a user
    OverlayBridge required(String networkId) throws IOException {
        String reason = unusable.get(networkId);
        if (reason != null) {
            throw new IOException(reason);
        }
        OverlayBridge bridge = bridges.get(networkId);
        if (bridge == null) {
            throw new IOException("network " + networkId + " is not on this node yet");
        }
        return bridge;
    }

    /// Whether it is here, or why it cannot be is known.
    boolean isKnown(String networkId) {
        return bridges.containsKey(networkId) || unusable.containsKey(networkId);
    }

    Optional<OverlayBridge> find(String networkId) {
        return Optional.ofNullable(bridges.get(networkId));
    }

    Collection<OverlayBridge> all() {
        return bridges.values();
    }

    /// Removes all of them from the kernel.
    void clear() throws IOException {
        for (Path file : Dataplane.files(place.overlays())) {
            remove(file);
        }
        sealings.close();
        route.send(Links.remove(HostTable.INGRESS));
    }

    private void remove(Path file) throws IOException {
        OverlayBridge open = bridges.remove(idOf(file.getFileName().toString()));
        OverlayBridge gone = open == null ? OverlayBridge.at(file) : open;
        sealings.drop(idOf(file.getFileName().toString()));
        gone.remove();
    }

    private static String fileName(Overlay overlay) {
        return overlay.vni() + "-" + overlay.id();
    }

    private static String idOf(String fileName) {
        return fileName.substring(fileName.indexOf('-') + 1);
    }

    @Override
    public void close() throws IOException {
        sealings.close();
        for (OverlayBridge bridge : bridges.values()) {
            bridge.close();
        }
    }
}
