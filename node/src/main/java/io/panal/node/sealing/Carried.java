package io.panal.node.sealing;

import io.panal.node.kernel.Datagrams;
import io.panal.node.kernel.Tap;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// An encrypted network that is being carried. One thread uses it.
final class Carried {
    private static final int FRAMES_AT_ONCE = 64;
    private static final int MAC_BYTES = 6;
    private static final int LARGEST_FRAME = Datagrams.LARGEST - Frames.HEADER_BYTES - Frames.TAG_BYTES;

    private final Road road;
    private final Tap tap;
    private final Peer.Context context;
    private final Map<InetAddress, Peer> peers = new HashMap<>();
    private SealedNetwork wanted;

    /// What all networks of a node share.
    ///
    /// @param own the node's address, as the managers know it
    /// @param port of all nodes
    record Road(Datagrams datagrams, InetAddress own, int port, Peer.Chance chance, Room room) {}

    /// Where frames and packets are while they are worked on.
    static final class Room {
        final MemorySegment outside;
        final byte[] frame = new byte[Datagrams.LARGEST];
        final byte[] packet = new byte[Datagrams.LARGEST];

        Room(Arena arena) {
            outside = arena.allocate(Datagrams.LARGEST, 8);
        }
    }

    Carried(SealedNetwork wanted, Tap tap, Road road) {
        this.wanted = wanted;
        this.tap = tap;
        this.road = road;
        this.context = new Peer.Context(wanted.id(), wanted.vni(), road.chance().next());
    }

    int vni() {
        return context.vni();
    }

    Tap tap() {
        return tap;
    }

    /// Follows new orders. Keys that were given up once are not taken up again.
    void follow(SealedNetwork next) {
        Keys keys = next.keys().present() >= wanted.keys().present() ? next.keys() : wanted.keys();
        wanted = new SealedNetwork(next.id(), next.vni(), keys, next.hostOfMac());
        peers.values().forEach(peer -> peer.forgetOldKeys(keys));
        for (Inet4Address host : wanted.hostOfMac().values()) {
            peers.computeIfAbsent(host, this::newPeer);
        }
        peers.values().forEach(this::greetStranger);
    }

    private Peer newPeer(InetAddress host) {
        return new Peer(host.getAddress(), context, System.nanoTime());
    }

    private void greetStranger(Peer peer) {
        if (!peer.isKnown()) {
            greet(peer);
        }
    }

    private void greet(Peer peer) {
        if (peer.isToBeGreeted(System.nanoTime())) {
            say(peer, peer.question(road.chance()), 0);
        }
    }

    private void say(Peer peer, long question, long answer) {
        Keys keys = wanted.keys();
        Greeting greeting = new Greeting(wanted.vni(), keys.present(), context.start(), question, answer, road.own());
        byte[] key = Derivation.greetings(keys.secret(keys.present()).orElseThrow(), wanted.id());
        byte[] packet = greeting.sealed(key, peer.address());
        road.datagrams().send(packet, packet.length, peer.address(), road.port());
    }

    /// Seals and sends frames that wait at the TAP, some at most.
    ///
    /// @throws IOException the TAP is gone
    void depart() throws IOException {
        byte[] frame = road.room().frame;
        for (int i = 0; i < FRAMES_AT_ONCE; i++) {
            int length = tap.read(road.room().outside);
            if (length < 0) {
                break;
            }
            MemorySegment.copy(road.room().outside, ValueLayout.JAVA_BYTE, 0, frame, 0, length);
            depart(frame, length);
        }
        road.datagrams().flush();
    }

    private void depart(byte[] frame, int length) {
        if (length < 2 * MAC_BYTES + 2 || length > LARGEST_FRAME) {
            return;
        }
        Inet4Address host = wanted.hostOfMac().get(mac(frame));
        if (host == null) {
            NeighbourAnswers.answer(frame, length, mac -> wanted.hostOfMac().containsKey(mac))
                    .ifPresent(answer -> arrive(answer, answer.length));
            return;
        }
        Peer peer = peers.computeIfAbsent(host, this::newPeer);
        if (peer.isKnown()) {
            seal(peer, frame, length);
        } else {
            peer.keep(Arrays.copyOf(frame, length));
            greet(peer);
        }
    }

    private void seal(Peer peer, byte[] frame, int length) {
        Keys keys = wanted.keys();
        byte[] packet = road.room().packet;
        int sealed = peer.sealer(keys).seal(peer.nextHeader(keys), frame, length, packet);
        road.datagrams().send(packet, sealed, peer.address(), road.port());
    }

    private static long mac(byte[] frame) {
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        return ((bytes.getShort(0) & 0xffffL) << 32) | (bytes.getInt(2) & 0xffffffffL);
    }

    private void arrive(byte[] frame, int length) {
        MemorySegment.copy(frame, 0, road.room().outside, ValueLayout.JAVA_BYTE, 0, length);
        tap.write(road.room().outside, length);
    }

    /// A packet in the room that claims to be a frame. One from a start that is not known may come from a peer that
    /// does not know
    /// of ours, so those are asked.
    ///
    /// @param sender address that it came from, which proves nothing
    void arrive(Frames.Header header, int length, Inet4Address sender) {
        for (Peer peer : peers.values()) {
            if (peer.isPresent(header.sender())) {
                peer.opener(header.generation(), wanted.keys()).ifPresent(opener -> {
                    int opened = opener.open(header, road.room().packet, length, road.room().frame);
                    if (opened > 0) {
                        arrive(road.room().frame, opened);
                    }
                });
                return;
            }
        }
        Optional.ofNullable(peers.get(sender))
                .ifPresentOrElse(this::greet, () -> peers.values().forEach(this::greetStranger));
    }

    /// A packet in the room that claims to be a greeting.
    void hear(Greeting greeting) {
        boolean isGenuine = wanted.keys()
                .secret(greeting.generation())
                .filter(secret -> Greeting.isGenuine(
                        road.room().packet,
                        Derivation.greetings(secret, wanted.id()),
                        road.own().getAddress()))
                .isPresent();
        Peer peer = peers.get(greeting.from());
        if (!isGenuine || peer == null) {
            return;
        }
        if (peer.learn(greeting)) {
            peer.kept().forEach(frame -> seal(peer, frame, frame.length));
        }
        if (greeting.question() != 0) {
            long question = peer.isPresent(greeting.start()) ? 0 : peer.question(road.chance());
            say(peer, question, greeting.question());
        }
    }
}
