package io.panal.node.dataplane;

import io.panal.node.kernel.Links;
import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.OpenDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `docker_gwbridge`: the way outside for tasks that are not on the ingress network.
///
/// Tasks reach the host over it, not each other. Its subnet is the first of Docker's that is free here.
final class GatewayBridge {
    static final String MARK = "panal gateway";

    private final Netlink host;
    private final BridgeDevice device;
    private final Set<InetAddress> used = new HashSet<>();
    private Optional<Cidr> address = Optional.empty();
    private int last = 1;

    GatewayBridge(Netlink host, Settings settings) {
        this.host = host;
        this.device = new BridgeDevice(host, settings, new BridgeDevice.Name("node", HostTable.GATEWAY, MARK), true);
    }

    /// Knows the bridge of the daemon before, if there is one; changes nothing.
    void adopt() throws IOException {
        if (address.isEmpty()) {
            address = device.ownAddress();
        }
    }

    /// Makes the bridge, or adopts the one that is there.
    ///
    /// @param avoid subnets that are in use elsewhere
    void match(List<Cidr> avoid, Findings findings) throws IOException {
        adopt();
        Cidr chosen = address.isPresent() ? address.get() : freeSubnet(avoid);
        device.match(List.of(chosen), 0, findings);
        address = Optional.of(chosen);
    }

    boolean isMade() {
        return address.isPresent();
    }

    /// The bridge's own address.
    Cidr own() {
        return address.orElseThrow(() -> new IllegalStateException("the gateway bridge was not made yet"));
    }

    /// As [#own], empty before it is made.
    Optional<Cidr> subnet() {
        return address;
    }

    BridgeDevice device() {
        return device;
    }

    /// Takes a free address; the one just given back comes last.
    Cidr take() throws IOException {
        Cidr own = own();
        int size = 1 << (32 - own.prefix());
        int network = ByteBuffer.wrap(own.address().getAddress()).getInt() & -size;
        for (int tried = 0; tried < size; tried++) {
            last = last + 1 >= size - 1 ? 2 : last + 1;
            InetAddress candidate = InetAddress.getByAddress(
                    ByteBuffer.allocate(4).putInt(network + last).array());
            if (!candidate.equals(own.address()) && used.add(candidate)) {
                return new Cidr(candidate, own.prefix());
            }
        }
        throw new IOException("no free address left in " + own + " of " + HostTable.GATEWAY);
    }

    /// Marks an address as taken by a task that was there before this daemon.
    void adopt(InetAddress taken) {
        used.add(taken);
        last = Math.max(last, ByteBuffer.wrap(taken.getAddress()).getInt() & 0xffff);
    }

    void giveBack(InetAddress taken) {
        used.remove(taken);
    }

    /// Connects a namespace.
    ///
    /// @param port the near end's name, at most 15 characters
    void connect(String port, String inside, InetAddress taken, OpenDescriptor into) throws IOException {
        device.connect(port, new Links.End(inside, taken), into);
    }

    /// Removes the bridge if it is ours.
    void remove() throws IOException {
        device.remove();
        address = Optional.empty();
        used.clear();
    }

    private Cidr freeSubnet(List<Cidr> avoid) throws IOException {
        List<Cidr> taken = HostAddresses.inUse(host);
        taken.addAll(avoid);
        Cidr subnet = AddressPools.freeForGateway(taken)
                .orElseThrow(() -> new IOException("no free subnet for " + HostTable.GATEWAY
                        + ": 172.18.0.0/16 to 172.31.0.0/16 and 192.168.0.0/16 are all in use on this node"));
        return new Cidr(subnet.after(subnet.address()), subnet.prefix());
    }
}
