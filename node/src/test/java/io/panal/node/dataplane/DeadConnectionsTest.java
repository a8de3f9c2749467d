package io.panal.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.node.kernel.Conntrack;
import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.NetlinkMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Connections through a published port to an address that is gone, and those that took their place.
class DeadConnectionsTest {
    private static final String GONE = "10.9.0.2";
    private static final String NEXT = "10.9.0.3";
    private static final int PUBLISHED = 8080;
    private static final int OWN_PORT = 40_001;

    private Hosts hosts;
    private Netlink netlink;

    @BeforeEach
    void startHost() throws IOException {
        hosts = new Hosts(1);
        netlink = Netlink.netfilter(Hosts.host(1));
        for (String address : List.of(GONE, NEXT)) {
            Hosts.in(1, "ip", "address", "add", address + "/32", "dev", "lo");
        }
        hosts.serve(Hosts.host(1), "server", 80);
        Hosts.in(1, "nft", "add table ip published");
        Hosts.in(1, "nft", "add chain ip published arriving { type nat hook prerouting priority -100; }");
    }

    @AfterEach
    void stopHost() throws Exception {
        netlink.close();
        hosts.close();
    }

    private SocketChannel connectThrough(String address) throws IOException {
        Hosts.in(1, "nft", "flush chain ip published arriving");
        Hosts.in(1, "nft", "add rule ip published arriving tcp dport %d dnat to %s:80".formatted(PUBLISHED, address));
        SocketChannel channel = hosts.connect(Hosts.client(), Hosts.address(1), PUBLISHED, OWN_PORT);
        assertThat(Hosts.ask(channel)).isEqualTo("server " + Hosts.CLIENT);
        return channel;
    }

    private List<NetlinkMessage> answeredBy(String address) throws IOException {
        return Conntrack.removals(netlink, Set.of(InetAddress.ofLiteral(address)));
    }

    @Test
    void aClientThatUsesItsPortAgainKeepsItsNewConnection() throws IOException {
        SocketChannel before = connectThrough(GONE);
        before.setOption(StandardSocketOptions.SO_LINGER, 0);
        before.close();
        List<NetlinkMessage> removals = answeredBy(GONE);
        assertThat(removals).hasSize(1);

        SocketChannel held = connectThrough(NEXT);
        netlink.send(removals);

        assertThat(answeredBy(NEXT)).hasSize(1);
        assertThat(Hosts.ask(held)).isEqualTo("server " + Hosts.CLIENT);
    }

    @Test
    void aConnectionToAnAddressThatIsGoneIsForgotten() throws IOException {
        connectThrough(GONE);
        assertThat(Conntrack.forget(netlink, Set.of(InetAddress.ofLiteral(GONE))))
                .isEqualTo(1);
        assertThat(answeredBy(GONE)).isEmpty();
    }
}
