package io.panal.node.swarm;

import io.panal.node.http.Refusal;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Addresses as `--listen-addr`, `--advertise-addr` and `--data-path-addr` take them: an address or an interface,
/// with a port or without.
final class Addresses {
    static final int MANAGER_PORT = 2377;

    private static final String NOT_AN_ADDRESS =
            "%s must be a non-zero IP address or network interface (with optional port number)";

    // What engines make themselves: bridges, the ends of cables, the node's own endpoint in the ingress network.
    private static final List<String> OWN_DEVICES = List.of("docker", "veth", "ingress");

    /// @param host an IP address
    record HostPort(String host, int port) {
        @Override
        public String toString() {
            return host.contains(":") ? "[%s]:%d".formatted(host, port) : "%s:%d".formatted(host, port);
        }

        InetSocketAddress socket() {
            return new InetSocketAddress(host, port);
        }
    }

    private Addresses() {}

    /// @param text empty means every address of this host
    static HostPort listen(String text) throws IOException {
        HostPort given = split(text.isEmpty() ? "0.0.0.0" : text, MANAGER_PORT);
        return new HostPort(address(given.host(), "listen address", true), given.port());
    }

    /// @param text empty finds this host's own: the only one, or the one that leads to the remote
    /// @param remote a manager's host, empty when there is none yet
    static HostPort advertise(String text, HostPort listen, String remote) throws IOException {
        if (!text.isEmpty()) {
            HostPort given = split(text, listen.port());
            return new HostPort(address(given.host(), "advertise address", false), given.port());
        }
        if (!InetAddress.getByName(listen.host()).isAnyLocalAddress()) {
            return listen;
        }
        return new HostPort(remote.isEmpty() ? onlyOne() : towards(remote), listen.port());
    }

    /// @param text empty means as advertised
    static String dataPath(String text, HostPort advertise) throws IOException {
        return text.isEmpty() ? advertise.host() : address(text, "data path address", false);
    }

    static HostPort split(String text, int port) throws Refusal {
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon >= 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']');
        String host = hasPort ? text.substring(0, colon) : text;
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (!hasPort) {
            return new HostPort(bare, port);
        }
        String digits = text.substring(colon + 1);
        if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > 65_535) {
            throw new Refusal(400, "invalid port in address %s".formatted(text));
        }
        return new HostPort(bare, Integer.parseInt(digits));
    }

    /// @param remotes as a user names managers, with a port or without
    /// @return the same, each with its port
    static List<String> managers(List<String> remotes) throws Refusal {
        List<String> complete = new ArrayList<>();
        for (String remote : remotes) {
            complete.add(split(remote, MANAGER_PORT).toString());
        }
        return complete;
    }

    /// Where what listens at an address is reached from this host itself.
    ///
    /// @param listen as `0.0.0.0:2377`
    static String onThisHost(String listen) {
        int colon = listen.lastIndexOf(':');
        return switch (hostOf(listen)) {
            case "0.0.0.0" -> "127.0.0.1" + listen.substring(colon);
            case "::", "0:0:0:0:0:0:0:0" -> "[::1]" + listen.substring(colon);
            default -> listen;
        };
    }

    /// The host of an address with a port, or the address itself when it has none.
    static String hostOf(String address) {
        int colon = address.lastIndexOf(':');
        boolean hasPort = colon >= 0 && (address.startsWith("[") || address.indexOf(':') == colon);
        String host = hasPort ? address.substring(0, colon) : address;
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static String address(String text, String what, boolean any) throws IOException {
        Optional<NetworkInterface> device = Optional.ofNullable(NetworkInterface.getByName(text));
        if (device.isPresent()) {
            return firstOf(device.get(), text, what);
        }
        if (!text.matches("([0-9]+\\.){3}[0-9]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            throw new Refusal(400, NOT_AN_ADDRESS.formatted(what));
        }
        try {
            InetAddress address = InetAddress.getByName(text);
            if (address.isAnyLocalAddress() && !any) {
                throw new Refusal(400, NOT_AN_ADDRESS.formatted(what));
            }
            return address.getHostAddress();
        } catch (UnknownHostException _) {
            throw new Refusal(400, NOT_AN_ADDRESS.formatted(what));
        }
    }

    private static String firstOf(NetworkInterface device, String name, String what) throws Refusal {
        List<InetAddress> addresses = Collections.list(device.getInetAddresses());
        return addresses.stream()
                .filter(Inet4Address.class::isInstance)
                .findFirst()
                .or(() -> addresses.stream().findFirst())
                .map(InetAddress::getHostAddress)
                .orElseThrow(() ->
                        new Refusal(400, "interface %s has no usable addresses for the %s".formatted(name, what)));
    }

    private static String onlyOne() throws IOException {
        List<String> usable = Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                .filter(device -> OWN_DEVICES.stream().noneMatch(device.getName()::startsWith))
                .flatMap(device -> Collections.list(device.getInetAddresses()).stream())
                .filter(address -> address instanceof Inet4Address
                        && !address.isLoopbackAddress()
                        && !address.isLinkLocalAddress())
                .map(InetAddress::getHostAddress)
                .sorted()
                .toList();
        if (usable.isEmpty()) {
            throw new Refusal(400, "could not find the system's IP address");
        }
        if (usable.size() > 1) {
            throw new Refusal(
                    400,
                    "could not choose an IP address to advertise since this system has multiple addresses (%s)"
                            .formatted(String.join(" and ", usable)));
        }
        return usable.getFirst();
    }

    /// The source address of packets to the remote; nothing is sent.
    private static String towards(String remote) throws IOException {
        var target = new InetSocketAddress(remote, MANAGER_PORT);
        if (target.isUnresolved()) {
            throw new Refusal(
                    500, "could not find local IP address: dial udp: lookup %s: no such host".formatted(remote));
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(target);
            InetAddress local = socket.getLocalAddress();
            return local.isAnyLocalAddress() ? onlyOne() : local.getHostAddress();
        }
    }
}
