package io.panal.node.dataplane;

import io.panal.node.kernel.Links;
import io.panal.node.kernel.Netlink;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The bridges of this host's own networks.
final class Bridges {
    private static final String MARK = "panal bridge ";
    private static final List<Settings.Setting> FORWARDING =
            List.of(new Settings.Setting("ipv6/conf/all/forwarding", "1"));

    private final Netlink host;
    private final Settings settings;
    private final Map<String, Made> made = new LinkedHashMap<>();
    /// Until it is known what is wanted, nothing goes.
    private boolean told;

    Bridges(Netlink host, Settings settings) {
        this.host = host;
        this.settings = settings;
    }

    private record Made(Bridge bridge, BridgeDevice device) {}

    /// From now on these are wanted; nothing is done before [#match].
    void want(List<Bridge> wanted) {
        made.values().forEach(each -> each.device().forget());
        made.clear();
        for (Bridge bridge : wanted) {
            var name = new BridgeDevice.Name("network " + bridge.name(), bridge.device(), MARK + bridge.id());
            made.put(
                    bridge.id(),
                    new Made(
                            bridge,
                            new BridgeDevice(
                                    host, settings, name, !bridge.traffic().amongThemselves())));
        }
        told = true;
    }

    List<Bridge> wanted() {
        return made.values().stream().map(Made::bridge).toList();
    }

    List<BridgeDevice> devices() {
        return made.values().stream().map(Made::device).toList();
    }

    Optional<Bridge> find(String networkId) {
        return Optional.ofNullable(made.get(networkId)).map(Made::bridge);
    }

    Optional<BridgeDevice> device(String networkId) {
        return Optional.ofNullable(made.get(networkId)).map(Made::device);
    }

    /// Those that carry our mark and are not wanted go, the others are made or mended.
    ///
    /// @param found gets a sentence for each that cannot be made
    void match(List<String> found, Findings findings) throws IOException {
        if (told && findings.isMending()) {
            removeOthers();
        }
        for (Made each : made.values()) {
            try {
                match(each, findings);
            } catch (IOException failure) {
                found.add("network %s is not usable on this node: %s"
                        .formatted(each.bridge().name(), failure.getMessage()));
            }
        }
    }

    private void removeOthers() throws IOException {
        Set<String> marks = new HashSet<>();
        made.keySet().forEach(id -> marks.add(MARK + id));
        List<Integer> strays = Links.list(host).stream()
                .filter(link -> link.alias().startsWith(MARK) && !marks.contains(link.alias()))
                .map(Links.Link::index)
                .toList();
        host.send(Links.removeAll(strays));
    }

    private void match(Made each, Findings findings) throws IOException {
        Bridge bridge = each.bridge();
        if (bridge.gateways().stream().anyMatch(Cidr::isIpv6)) {
            settings.match(FORWARDING, true, findings);
        }
        each.device().match(bridge.gateways(), bridge.mtu(), findings);
    }

    boolean isForeign(String device) throws IOException {
        return Links.find(host, device)
                .filter(link -> !link.alias().startsWith(MARK))
                .isPresent();
    }

    /// A bridge that is there now, mended if need be.
    ///
    /// @throws IOException with a sentence that says why not
    BridgeDevice required(String networkId) throws IOException {
        Made wanted = made.get(networkId);
        if (wanted == null) {
            throw new IOException("network %s not found".formatted(networkId));
        }
        match(wanted, Findings.ordered());
        return wanted.device();
    }
}
