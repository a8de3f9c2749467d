package io.panal.node.networks;

import io.panal.node.dataplane.Cidr;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;

/// The options of the bridge driver, as Docker names them; others are kept and not looked at.
///
/// @param device the bridge's name; empty for any
/// @param amongThemselves `enable_icc`
/// @param published the address that ports are published on when a container names none; empty for all
/// @param mtu 0 for the kernel's
record BridgeOptions(String device, boolean amongThemselves, boolean masquerade, String published, int mtu) {
    static final String NAME = "com.docker.network.bridge.name";
    static final String ICC = "com.docker.network.bridge.enable_icc";
    static final String MASQUERADE = "com.docker.network.bridge.enable_ip_masquerade";
    static final String BINDING = "com.docker.network.bridge.host_binding_ipv4";
    static final String MTU = "com.docker.network.driver.mtu";
    private static final int DEVICE_CHARACTERS = 15;
    private static final int LARGEST_MTU = 65_535;

    /// @throws NetworkRefused as dockerd says it
    static BridgeOptions of(Map<String, String> options) throws NetworkRefused {
        return new BridgeOptions(
                device(options.getOrDefault(NAME, "")),
                isSet(options, ICC),
                isSet(options, MASQUERADE),
                published(options.getOrDefault(BINDING, "")),
                mtu(options.getOrDefault(MTU, "")));
    }

    private static String device(String name) throws NetworkRefused {
        if (name.length() > DEVICE_CHARACTERS || name.matches(".*[/\\s:].*") || name.matches("\\.\\.?")) {
            throw NetworkRefused.invalid(
                    "failed to check bridge interface existence: %s is no name of an interface".formatted(name));
        }
        return name;
    }

    private static boolean isSet(Map<String, String> options, String key) throws NetworkRefused {
        String text = options.getOrDefault(key, "true");
        return switch (text) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default ->
                throw NetworkRefused.invalid(
                        "failed to parse %s value: %s (strconv.ParseBool: parsing \"%s\": invalid syntax)"
                                .formatted(key, text, text));
        };
    }

    private static String published(String text) throws NetworkRefused {
        if (text.isEmpty()) {
            return "";
        }
        InetAddress address = address(text)
                .filter(Inet4Address.class::isInstance)
                .orElseThrow(
                        () -> NetworkRefused.invalid("failed to parse %s value: %s (nil ip)".formatted(BINDING, text)));
        return address.isAnyLocalAddress() ? "" : address.getHostAddress();
    }

    private static int mtu(String text) throws NetworkRefused {
        if (text.isEmpty()) {
            return 0;
        }
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > LARGEST_MTU) {
            throw NetworkRefused.invalid("failed to parse %s value: %s (strconv.Atoi: parsing \"%s\": invalid syntax)"
                    .formatted(MTU, text, text));
        }
        return Integer.parseInt(text);
    }

    static Optional<InetAddress> address(String text) {
        try {
            return Optional.of(Cidr.literal(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
