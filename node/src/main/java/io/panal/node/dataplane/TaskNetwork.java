package io.panal.node.dataplane;

import java.util.List;
import java.util.Set;

/// What one task needs of the network.
///
/// @param hostname written to its hosts file
/// @param attachments overlays and bridges that it is on; each must be wanted here before
/// @param hostPorts ports of this node that lead to this task alone
/// @param gateway whether it may reach outside; false for a task of internal networks only
public record TaskNetwork(
        String taskId,
        String hostname,
        List<Attachment> attachments,
        List<HostPort> hostPorts,
        boolean gateway,
        Names names) {
    private static final String PLAIN = "run-";

    public TaskNetwork {
        attachments = List.copyOf(attachments);
        hostPorts = List.copyOf(hostPorts);
    }

    /// What the network of a container is called that a user runs by itself, and that is no task's.
    ///
    /// @param containerId 64 hexadecimal digits
    public static String nameOfPlain(String containerId) {
        return PLAIN + containerId.substring(0, 16);
    }

    /// Whether it is no task's.
    static boolean isPlain(String taskId) {
        return taskId.startsWith(PLAIN);
    }

    /// Whether it is of a container that a user runs by itself.
    public boolean isPlain() {
        return isPlain(taskId);
    }

    /// Without some of its networks.
    public TaskNetwork without(Set<String> networkIds) {
        return new TaskNetwork(
                taskId,
                hostname,
                attachments.stream()
                        .filter(each -> !networkIds.contains(each.networkId()))
                        .toList(),
                hostPorts,
                gateway,
                names);
    }

    /// @param addressCidr the task's address with its subnet's prefix, as `10.0.1.5/24`
    /// @param aliases its names there; on a bridge the first is the one that its address has
    /// @param further addresses, as of IPv6
    /// @param reach other subnets of the network, in which it has no address and whose endpoints are no hop away
    public record Attachment(
            String networkId, String addressCidr, List<String> aliases, List<String> further, List<String> reach) {
        public Attachment {
            aliases = List.copyOf(aliases);
            further = List.copyOf(further);
            reach = List.copyOf(reach);
        }

        public Attachment(String networkId, String addressCidr, List<String> aliases, List<String> further) {
            this(networkId, addressCidr, aliases, further, List.of());
        }

        public Attachment(String networkId, String addressCidr, List<String> aliases) {
            this(networkId, addressCidr, aliases, List.of());
        }
    }

    /// @param protocol `tcp` or `udp`
    /// @param address of this node, in IPv4, that alone it is published on; empty for all
    public record HostPort(String protocol, int publishedPort, int targetPort, String address) {
        /// On all addresses of this node.
        public HostPort(String protocol, int publishedPort, int targetPort) {
            this(protocol, publishedPort, targetPort, "");
        }
    }

    /// How the task resolves names.
    ///
    /// @param servers asked for names outside the cluster; none means the node's own
    /// @param search domains; none means the node's own
    /// @param options of `resolv.conf`, as `timeout:2`
    /// @param extraHosts lines for the hosts file, as `10.0.0.7 database`
    public record Names(List<String> servers, List<String> search, List<String> options, List<String> extraHosts) {
        public static final Names NONE = new Names(List.of(), List.of(), List.of(), List.of());

        public Names {
            servers = List.copyOf(servers);
            search = List.copyOf(search);
            options = List.copyOf(options);
            extraHosts = List.copyOf(extraHosts);
        }
    }
}
