package io.panal.node.dataplane;

import io.panal.node.kernel.Links;
import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.NetlinkMessage;
import io.panal.node.kernel.OpenDescriptor;
import io.panal.node.kernel.Routes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A bridge in the host's own namespace: made, or adopted when it is there, and known as ours by a mark.
final class BridgeDevice {
    private final Netlink host;
    private final Settings settings;
    private final Name name;
    private final boolean apart;
    private final List<Settings.Setting> wanted;

    /// What it is known by.
    ///
    /// @param where whose it is, as [Difference] names it
    /// @param device at most 15 characters
    /// @param mark kept with the device; without it a device of that name is somebody else's
    record Name(String where, String device, String mark) {
        private String what() {
            return "interface " + device;
        }
    }

    /// @param apart whether what is connected reaches the bridge itself alone
    BridgeDevice(Netlink host, Settings settings, Name name, boolean apart) {
        this.host = host;
        this.settings = settings;
        this.name = name;
        this.apart = apart;
        String prefix = "ipv4/conf/" + name.device();
        wanted = List.of(
                // Clients on 127.0.0.1 reach a port of this node over this bridge.
                new Settings.Setting(prefix + "/route_localnet", "1"),
                new Settings.Setting(prefix + "/forwarding", "1"));
    }

    /// The IPv4 address that it has now.
    Optional<Cidr> ownAddress() throws IOException {
        Optional<Links.Link> there = find();
        if (there.isEmpty()) {
            return Optional.empty();
        }
        int index = there.get().index();
        return Routes.addresses(host).stream()
                .filter(held -> held.link() == index && held.address().getAddress().length == 4)
                .map(held -> new Cidr(held.address(), held.prefix()))
                .findFirst();
    }

    private Optional<Links.Link> find() throws IOException {
        return Links.find(host, name.device());
    }

    /// Makes it, or mends what is there.
    ///
    /// @param addresses of its own, the first gives its MAC
    /// @param mtu 0 for the kernel's
    void match(List<Cidr> addresses, int mtu, Findings findings) throws IOException {
        if (findings.mendsUnless(find().isPresent(), name.where(), name.what(), HostDevice.MISSING, Findings.PRESENT)) {
            make(addresses);
        }
        HostDevice device = new HostDevice(name.where(), name.device(), addresses);
        Optional<Links.Link> link = device.match(host, HostDevice.There.of(host), findings);
        if (link.isPresent() && mtu > 0) {
            matchMtu(link.get(), mtu, findings);
        }
        settings.match(wanted, false, findings);
    }

    private void make(List<Cidr> addresses) throws IOException {
        host.send(Links.learningBridge(
                name.device(), Links.macOf(addresses.getFirst().address())));
        int index = Links.required(host, name.device()).index();
        List<NetlinkMessage> messages = new ArrayList<>(List.of(Links.alias(index, name.mark())));
        addresses.forEach(own -> messages.add(Routes.address(index, own.address(), own.prefix())));
        messages.add(Links.up(index));
        host.send(messages);
        settings.write(wanted);
    }

    private void matchMtu(Links.Link link, int mtu, Findings findings) throws IOException {
        if (findings.mendsUnless(link.mtu() == mtu, name.where(), name.what(), "mtu " + link.mtu(), "mtu " + mtu)) {
            host.send(Links.mtu(link.index(), mtu));
        }
    }

    /// It is not wanted any more: whoever changes it now changes nothing of ours.
    void forget() {
        settings.forget(wanted);
    }

    /// Makes the near end of a cable match, or lays the cable.
    ///
    /// @param near what is there of it
    void matchCable(Cable cable, Optional<Links.Link> near, Findings findings) throws IOException {
        if (near.isEmpty()) {
            if (findings.mends(cable.owner(), "interface " + cable.device(), HostDevice.MISSING, Findings.PRESENT)) {
                try (OpenDescriptor into = cable.into().open()) {
                    connect(cable.port(), cable.end(), into);
                }
            }
            return;
        }
        Links.Link port = near.get();
        Links.Link bridge = Links.required(host, name.device());
        String what = "interface " + port.name();
        boolean there = port.master() == bridge.index();
        String joined = "a port of " + name.device();
        if (findings.mendsUnless(there, cable.owner(), what, "not " + joined, joined)) {
            host.send(Links.master(port.index(), bridge.index()));
            keepApart(port.index());
        }
        if (findings.mendsUnless(port.up(), cable.owner(), what, "down", Findings.UP)) {
            host.send(Links.up(port.index()));
        }
    }

    /// Connects a namespace.
    ///
    /// @param port the near end's name, at most 15 characters
    void connect(String port, Links.End far, OpenDescriptor into) throws IOException {
        Links.Link bridge = Links.required(host, name.device());
        host.send(
                Links.remove(port),
                Links.cable(port, bridge.index(), bridge.mtu(), far, into),
                Links.withoutOwnAddress(port),
                Links.up(port));
        keepApart(Links.required(host, port).index());
    }

    /// With br_netfilter a redirected packet is bridged, not routed, and our rules see it: they keep containers
    /// apart then, and the port gives back what was turned round.
    private void keepApart(int port) throws IOException {
        if (settings.read("bridge/bridge-nf-call-iptables").equals(Optional.of("1"))) {
            host.send(Links.reflectingPort(port));
        } else if (apart) {
            host.send(Links.isolatedPort(port));
        }
    }

    void disconnect(String port) throws IOException {
        host.send(Links.remove(port));
    }

    /// The near ends of all cables.
    List<Links.Link> ports() throws IOException {
        Optional<Links.Link> bridge = find();
        if (bridge.isEmpty()) {
            return List.of();
        }
        int index = bridge.get().index();
        return Links.list(host).stream().filter(link -> link.master() == index).toList();
    }

    void disconnect(List<Links.Link> ports) throws IOException {
        host.send(Links.removeAll(ports.stream().map(Links.Link::index).toList()));
    }

    /// Removes it if it is ours.
    void remove() throws IOException {
        forget();
        if (find().filter(link -> link.alias().equals(name.mark())).isPresent()) {
            host.send(Links.remove(name.device()));
        }
    }
}
