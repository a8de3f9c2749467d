package io.panal.node.dataplane;

import io.panal.node.kernel.Links;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a container is told about its network.
final class SandboxFiles {
    private static final String RESOLVER = "127.0.0.11";
    private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

    private SandboxFiles() {}

    static Sandbox sandbox(TaskPlan plan, Path namespace, Optional<TaskNamespace.WayOut> wayOut, List<String> search) {
        return new Sandbox(
                plan.task().taskId(),
                namespace,
                resolvConf(plan.task().names(), search),
                hosts(plan),
                endpoints(plan, wayOut));
    }

    private static String resolvConf(TaskNetwork.Names names, List<String> hostSearch) {
        List<String> search = names.search().isEmpty() ? hostSearch : names.search();
        Stream<String> options = names.options().stream().anyMatch(option -> option.startsWith("ndots:"))
                ? names.options().stream()
                : Stream.concat(names.options().stream(), Stream.of("ndots:0"));
        StringBuilder text = new StringBuilder("nameserver " + RESOLVER + "\n");
        if (!search.isEmpty()) {
            text.append("search ").append(String.join(" ", search)).append('\n');
        }
        return text.append("options ")
                .append(options.collect(Collectors.joining(" ")))
                .append('\n')
                .toString();
    }

    private static String hosts(TaskPlan plan) {
        StringBuilder text = new StringBuilder("""
                127.0.0.1\tlocalhost
                ::1\tlocalhost ip6-localhost ip6-loopback
                fe00::0\tip6-localnet
                ff00::0\tip6-mcastprefix
                ff02::1\tip6-allnodes
                ff02::2\tip6-allrouters
                """);
        plan.task().names().extraHosts().forEach(line -> text.append(line).append('\n'));
        Stream.concat(plan.wires().stream().flatMap(wire -> wire.addresses().stream()), plan.outside().stream())
                .limit(Math.max(
                        1,
                        plan.wires().stream()
                                .mapToInt(wire -> wire.addresses().size())
                                .sum()))
                .filter(own -> !own.address().isLinkLocalAddress())
                .forEach(own -> text.append(Cidr.shown(own.address()))
                        .append('\t')
                        .append(plan.task().hostname())
                        .append('\n'));
        return text.toString();
    }

    private static List<Sandbox.Endpoint> endpoints(TaskPlan plan, Optional<TaskNamespace.WayOut> wayOut) {
        List<Sandbox.Endpoint> endpoints = new ArrayList<>();
        for (TaskPlan.Wire wire : plan.wires()) {
            String hop = wire.bridged().isPresent() ? gateway(wire, false) : hop(wire.device(), wayOut);
            endpoints.add(endpoint(wire, hop));
        }
        plan.outside().ifPresent(own -> endpoints.add(endpoint(HostTable.GATEWAY, plan.outsideDevice(), own, wayOut)));
        return endpoints;
    }

    private static Sandbox.Endpoint endpoint(TaskPlan.Wire wire, String hop) {
        Optional<Sandbox.Ipv6> ipv6 = wire.further().stream()
                .filter(own -> own.isIpv6() && !own.address().isLinkLocalAddress())
                .findFirst()
                .map(own -> new Sandbox.Ipv6(own.toString(), gateway(wire, true)));
        return new Sandbox.Endpoint(
                wire.networkId(),
                wire.device(),
                wire.address().toString(),
                COLONS.formatHex(Links.macOf(wire.address().address())),
                hop,
                ipv6);
    }

    private static String gateway(TaskPlan.Wire wire, boolean ipv6) {
        return wire.gateway(ipv6).map(Cidr::shown).orElse("");
    }

    private static String hop(String device, Optional<TaskNamespace.WayOut> wayOut) {
        return wayOut.stream()
                .flatMap(way -> way.hops().stream())
                .filter(hop -> hop.device().equals(device))
                .map(hop -> hop.gateway().getHostAddress())
                .findFirst()
                .orElse("");
    }

    private static Sandbox.Endpoint endpoint(
            String networkId, String device, Cidr address, Optional<TaskNamespace.WayOut> wayOut) {
        String mac = COLONS.formatHex(Links.macOf(address.address()));
        return new Sandbox.Endpoint(networkId, device, address.toString(), mac, hop(device, wayOut));
    }
}
