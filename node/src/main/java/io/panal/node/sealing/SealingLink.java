package io.panal.node.sealing;

import io.panal.node.kernel.Datagrams;
import io.panal.node.kernel.Epoll;
import io.panal.node.kernel.KernelException;
import io.panal.node.kernel.NetworkNamespace;
import io.panal.node.kernel.Tap;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// All encrypted networks of a node, over one UDP port. A thread of its own carries them, and waits when nothing comes.
public final class SealingLink implements Closeable {
    /// What a frame's IP packet grows by on its way: Ethernet 14, our header and tag, UDP 8, IPv4 20, in bytes.
    public static final int OVERHEAD_BYTES = 14 + Frames.HEADER_BYTES + Frames.TAG_BYTES + 8 + 20;

    private static final System.Logger LOG = System.getLogger(SealingLink.class.getName());
    private static final int DESCRIPTORS_AT_ONCE = 16;

    private final Arena arena = Arena.ofShared();
    private final SecureRandom random = new SecureRandom();
    private final Epoll epoll;
    private final Datagrams datagrams;
    private final Carried.Road road;
    private final Queue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
    private final Set<String> carrying = ConcurrentHashMap.newKeySet();
    private final Thread thread = Thread.ofPlatform().name("sealing").daemon().unstarted(this::work);
    /// Of the thread alone.
    private final Map<String, Carried> networks = new HashMap<>();

    private volatile boolean closed;

    private SealingLink(Datagrams datagrams, Epoll epoll, Local local) {
        this.datagrams = datagrams;
        this.epoll = epoll;
        road = new Carried.Road(datagrams, local.known(), local.port(), this::number, new Carried.Room(arena));
    }

    /// Where the link speaks from.
    ///
    /// @param known the node's address, as the managers and other nodes know it
    /// @param held the address of this host that packets to there arrive at
    /// @param port UDP, of all nodes
    public record Local(InetAddress known, InetAddress held, int port) {}

    /// @param host the namespace of the node's own addresses
    /// @throws IOException with a sentence that says why not
    public static SealingLink open(NetworkNamespace host, Local local) throws IOException {
        if (!(local.known() instanceof Inet4Address) || !(local.held() instanceof Inet4Address held)) {
            throw new IOException("encrypted networks need IPv4 addresses between the nodes, and this one has "
                    + local.known().getHostAddress());
        }
        Datagrams datagrams;
        try {
            datagrams = Datagrams.open(host, held, local.port());
        } catch (KernelException taken) {
            throw new IOException(
                    "encrypted networks need UDP port %d of this node: %s".formatted(local.port(), taken.getMessage()),
                    taken);
        }
        SealingLink link = new SealingLink(datagrams, new Epoll(), local);
        link.epoll.add(datagrams.descriptor(), Epoll.READABLE);
        link.thread.start();
        return link;
    }

    private long number() {
        long number = random.nextLong();
        return number == 0 ? number() : number;
    }

    /// Whether there still is a thread that carries.
    public boolean isOpen() {
        return thread.isAlive();
    }

    /// Whether a network's frames get through, as far as it is up to this node.
    public boolean isCarrying(String network) {
        return carrying.contains(network);
    }

    /// Carries a network from now on.
    ///
    /// @param tap closed by this when the network is dropped, or carried by another
    public void carry(SealedNetwork wanted, Tap tap) throws IOException {
        carrying.add(wanted.id());
        tell(() -> begin(wanted, tap));
    }

    /// Follows new orders for a network that is carried.
    public void follow(SealedNetwork wanted) throws IOException {
        tell(() -> {
            Optional.ofNullable(networks.get(wanted.id())).ifPresent(own -> own.follow(wanted));
            datagrams.flush();
        });
    }

    /// Safe to repeat.
    public void drop(String network) throws IOException {
        carrying.remove(network);
        tell(() -> end(network));
    }

    private void tell(Runnable work) throws IOException {
        mailbox.add(work);
        epoll.wake();
    }

    private void begin(SealedNetwork wanted, Tap tap) {
        end(wanted.id());
        Carried carried = new Carried(wanted, tap, road);
        networks.put(wanted.id(), carried);
        carrying.add(wanted.id());
        carried.follow(wanted);
        datagrams.flush();
        try {
            epoll.add(tap.descriptor(), Epoll.READABLE);
        } catch (KernelException gone) {
            lose(wanted.id(), gone);
        }
    }

    private void end(String network) {
        carrying.remove(network);
        Optional.ofNullable(networks.remove(network)).ifPresent(own -> own.tap().close());
    }

    /// It is made anew when the network is looked at next.
    private void lose(String network, IOException why) {
        LOG.log(Level.WARNING, () -> "encrypted network lost network=%s reason=%s".formatted(network, why));
        end(network);
    }

    private void work() {
        int[] ready = new int[DESCRIPTORS_AT_ONCE];
        try {
            while (!closed) {
                int count = epoll.await(ready);
                for (Runnable order = mailbox.poll(); order != null; order = mailbox.poll()) {
                    order.run();
                }
                for (int i = 0; i < count; i++) {
                    serve(ready[i]);
                }
            }
        } catch (IOException broken) {
            LOG.log(Level.ERROR, "encrypted networks given up", broken);
        } finally {
            networks.values().forEach(own -> own.tap().close());
            carrying.clear();
        }
    }

    private void serve(int descriptor) throws IOException {
        if (descriptor == datagrams.descriptor()) {
            receive();
            return;
        }
        for (var entry : networks.entrySet()) {
            if (entry.getValue().tap().descriptor() == descriptor) {
                try {
                    entry.getValue().depart();
                } catch (KernelException gone) {
                    lose(entry.getKey(), gone);
                }
                return;
            }
        }
    }

    private void receive() throws IOException {
        byte[] sender = new byte[4];
        int count = datagrams.receive();
        for (int i = 0; i < count; i++) {
            arrive(datagrams.take(i, road.room().packet, sender), sender);
        }
        datagrams.flush();
    }

    private void arrive(int length, byte[] sender) throws IOException {
        Optional<Frames.Header> frame = Frames.Header.read(road.room().packet, length);
        if (frame.isPresent()) {
            Inet4Address from = (Inet4Address) InetAddress.getByAddress(sender);
            carried(frame.get().vni()).ifPresent(own -> own.arrive(frame.get(), length, from));
            return;
        }
        Optional<Greeting> greeting = Greeting.read(road.room().packet, length);
        Optional<Carried> greeted = greeting.flatMap(read -> carried(read.vni()));
        if (greeting.isPresent() && greeted.isPresent()) {
            greeted.get().hear(greeting.get());
        }
    }

    private Optional<Carried> carried(int vni) {
        return networks.values().stream().filter(own -> own.vni() == vni).findFirst();
    }

    /// Every network's TAP goes with it.
    @Override
    public void close() throws IOException {
        closed = true;
        epoll.wake();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        epoll.close();
        datagrams.close();
        arena.close();
    }
}
