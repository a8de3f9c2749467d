package io.panal.cli.network;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.core.manager.allocator.Ipv6Subnet;
import io.panal.core.manager.allocator.Subnet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `network create`.
final class NetworkCreate implements Command.Action {
    private static final Usage USAGE =
            Usage.of("panal network create", "[OPTIONS] NETWORK", "Create a network", """
            --aux-address map   Auxiliary IPv4 or IPv6 addresses used by Network driver (default map[])
            --attachable   Enable manual container attachment
            -d, --driver string   Driver to manage the Network (default "bridge")
            --gateway strings   IPv4 or IPv6 Gateway for the master subnet
            --ingress   Create swarm routing-mesh network
            --internal   Restrict external access to the network
            --ip-range strings   Allocate container ip from a sub-range
            --ipam-driver string   IP Address Management Driver (default "default")
            --ipv6   Enable or disable IPv6 address assignment
            --label list   Set metadata on a network
            -o, --opt map   Set driver specific options (default map[])
            --scope string   Control the network's scope
            --subnet strings   Subnet in CIDR format that represents a network segment
            """, Usage.Arity.ONE);

    private NetworkCreate() {}

    static Command command() {
        return new Command.Leaf(USAGE, new NetworkCreate());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        Tree addresses = Tree.empty()
                .put("Driver", arguments.text("ipam-driver", "default"))
                .put("Options", Map.of())
                .put("Config", ranges(arguments));
        Tree request = Tree.empty()
                .put("Name", arguments.operand(0))
                .put("Driver", arguments.text("driver", "bridge"))
                .put("Scope", arguments.text("scope"))
                .put("IPAM", addresses)
                .put("Internal", arguments.isOn("internal"))
                .put("Attachable", arguments.isOn("attachable"))
                .put("Ingress", arguments.isOn("ingress"))
                .put("ConfigOnly", false)
                .put("ConfigFrom", null)
                .put("Options", map(arguments.all("opt")))
                .put("Labels", map(arguments.all("label")));
        if (arguments.has("ipv6")) {
            request.put("EnableIPv6", arguments.isOn("ipv6"));
        }
        if (!session.engine().isAtLeast("1.44")) {
            // Older daemons make a second network of that name unless they are told not to.
            request.put("CheckDuplicate", true);
        }
        Tree created = session.engine().post("/networks/create", request.map());
        if (!created.text("Warning").isEmpty()) {
            session.err().println("WARNING: " + created.text("Warning"));
        }
        session.out().println(created.text("Id"));
        return 0;
    }

    private static Map<String, String> map(List<String> pairs) {
        var map = new LinkedHashMap<String, String>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            map.put(equals < 0 ? pair : pair.substring(0, equals), equals < 0 ? "" : pair.substring(equals + 1));
        }
        return map;
    }

    /// Ranges, gateways and auxiliary addresses belong to the subnet that they lie in.
    private static List<Map<String, @Nullable Object>> ranges(Arguments arguments) throws Failure {
        Map<String, Tree> configurations = new LinkedHashMap<>();
        for (String subnet : split(arguments.all("subnet"))) {
            if (configurations.keySet().stream()
                    .anyMatch(other -> contains(other, subnet) || contains(subnet, other))) {
                throw Failure.because("multiple overlapping subnet configuration is not supported");
            }
            configurations.put(subnet, Tree.empty().put("Subnet", subnet));
        }
        for (String range : split(arguments.all("ip-range"))) {
            holder("range", range, configurations).getValue().put("IPRange", range);
        }
        for (String gateway : split(arguments.all("gateway"))) {
            holder("gateway", gateway, configurations).getValue().put("Gateway", gateway);
        }
        Map<String, Map<String, String>> kept = new LinkedHashMap<>();
        for (Map.Entry<String, String> named : map(arguments.all("aux-address")).entrySet()) {
            String subnet =
                    holder("aux-address", named.getValue(), configurations).getKey();
            kept.computeIfAbsent(subnet, _ -> new LinkedHashMap<>()).put(named.getKey(), named.getValue());
        }
        configurations.forEach((subnet, configuration) -> {
            if (kept.containsKey(subnet)) {
                configuration.put("AuxiliaryAddresses", kept.get(subnet));
            }
        });
        return configurations.values().stream().map(Tree::map).toList();
    }

    private static Map.Entry<String, Tree> holder(String what, String address, Map<String, Tree> configurations)
            throws Failure {
        for (Map.Entry<String, Tree> configuration : configurations.entrySet()) {
            if (contains(configuration.getKey(), address)) {
                return configuration;
            }
        }
        throw Failure.because("no matching subnet for %s %s".formatted(what, address));
    }

    private static boolean contains(String subnet, String address) {
        Optional<Subnet> narrow = Subnet.parse(subnet);
        return narrow.isPresent()
                ? Subnet.address(address).filter(narrow.get()::contains).isPresent()
                : Ipv6Subnet.parse(subnet)
                        .flatMap(wide -> Ipv6Subnet.parse(address).filter(wide::contains))
                        .isPresent();
    }

    private static List<String> split(List<String> values) {
        List<String> parts = new ArrayList<>();
        for (String value : values) {
            parts.addAll(List.of(value.split(",", -1)));
        }
        return parts;
    }
}
