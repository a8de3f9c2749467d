package io.panal.node.dataplane;

import io.panal.node.kernel.Links;
import io.panal.node.kernel.NetworkNamespace;
import io.panal.node.kernel.Tap;
import io.panal.node.sealing.SealedNetwork;
import io.panal.node.sealing.SealingLink;
import java.io.Closeable;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What carries this node's encrypted networks: there while there is one.
final class Sealings implements Closeable {
    private final NetworkNamespace host;
    private Optional<SealingLink> link = Optional.empty();
    private Optional<SealingLink.Local> local = Optional.empty();

    Sealings(NetworkNamespace host) {
        this.host = host;
    }

    /// Follows where the node speaks from; networks that were carried from elsewhere are to be carried anew.
    void speakFrom(SealingLink.Local from) throws IOException {
        boolean right = local.filter(from::equals).isPresent()
                && link.filter(SealingLink::isOpen).isPresent();
        if (!right) {
            close();
        }
        local = Optional.of(from);
    }

    boolean isCarrying(String network) {
        return link.filter(own -> own.isCarrying(network)).isPresent();
    }

    /// Carries a network by a new interface of a namespace.
    ///
    /// @throws IOException with a sentence that says what keeps this node from encrypting
    void carry(Overlay overlay, String device, NetworkNamespace namespace) throws IOException {
        SealingLink open = opened(overlay);
        open.drop(overlay.id());
        Tap tap;
        try {
            tap = namespace.enter(() -> Tap.openHere(device));
        } catch (IOException lacking) {
            throw new IOException(
                    "it is encrypted, and this node can encrypt nothing: " + lacking.getMessage(), lacking);
        }
        open.carry(sealed(overlay), tap);
    }

    private SealingLink opened(Overlay overlay) throws IOException {
        if (link.isEmpty()) {
            SealingLink.Local from = local.orElseThrow(
                    () -> new IllegalStateException("no encrypted network was wanted, but " + overlay.id()));
            link = Optional.of(SealingLink.open(host, from));
        }
        return link.get();
    }

    void follow(Overlay overlay) throws IOException {
        if (link.isPresent()) {
            link.get().follow(sealed(overlay));
        }
    }

    void drop(String network) throws IOException {
        if (link.isPresent()) {
            link.get().drop(network);
        }
    }

    private static SealedNetwork sealed(Overlay overlay) {
        Map<Long, Inet4Address> hosts = new TreeMap<>();
        for (Overlay.Peer peer : overlay.peers()) {
            byte[] mac = Links.macOf(InetAddress.ofLiteral(peer.ip()));
            // A node with an IPv6 address cannot carry encrypted networks: it takes no part in this one.
            if (InetAddress.ofLiteral(peer.host()) instanceof Inet4Address there) {
                hosts.put(
                        ByteBuffer.allocate(Long.BYTES)
                                .putShort((short) 0)
                                .put(mac)
                                .getLong(0),
                        there);
            }
        }
        return new SealedNetwork(overlay.id(), overlay.vni(), overlay.keys().orElseThrow(), hosts);
    }

    @Override
    public void close() throws IOException {
        Optional<SealingLink> open = link;
        link = Optional.empty();
        if (open.isPresent()) {
            open.get().close();
        }
    }
}
