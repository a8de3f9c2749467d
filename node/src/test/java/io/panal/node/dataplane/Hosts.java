package io.panal.node.dataplane;

import io.panal.node.kernel.NetworkNamespace;
import io.panal.node.kernel.Tap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Hosts for tests: network namespaces on one switch, with a client beside them, and programs that speak in them.
final class Hosts implements AutoCloseable {
    static final String CLIENT = "192.168.66.200";
    /// Two runs at once on one kernel do not meet.
    private static final String PREFIX = "pdp" + ProcessHandle.current().pid() + "-";

    static final String CLIENT_NAMESPACE = PREFIX + "cli";
    private static final String SWITCH = PREFIX + "sw";
    private static final int DEADLINE_MILLIS = 3000;

    private final List<String> namespaces = new ArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Path directory;

    Hosts(int count) throws IOException {
        directory = Files.createTempDirectory("pdp");
        namespace(SWITCH);
        run("ip", "-n", SWITCH, "link", "add", "br0", "type", "bridge", "mcast_snooping", "0");
        run("ip", "-n", SWITCH, "link", "set", "br0", "up");
        for (int host = 1; host <= count; host++) {
            plug(PREFIX + "h" + host, address(host));
            in(host, "sysctl", "-qw", "net.ipv4.ip_forward=0");
        }
        plug(CLIENT_NAMESPACE, CLIENT);
    }

    static String address(int host) {
        return "192.168.66." + (99 + host);
    }

    /// The host's own endpoint in the ingress network.
    static String ingressAddress(int host) {
        return "10.0.0." + (1 + host);
    }

    static NetworkNamespace host(int host) {
        return new NetworkNamespace(Path.of("/run/netns/" + PREFIX + "h" + host));
    }

    static NetworkNamespace client() {
        return new NetworkNamespace(Path.of("/run/netns/" + CLIENT_NAMESPACE));
    }

    Path runDirectory(int host) {
        return directory.resolve("h" + host);
    }

    /// The name servers that all hosts here know; there are none until it is written.
    Path resolvConf() {
        return directory.resolve("resolv.conf");
    }

    Dataplane dataplane(int host, AnswerPath answers) throws IOException {
        return dataplane(host, new Dataplane.Tuning(answers, Repair.PAUSE));
    }

    Dataplane dataplane(int host, Dataplane.Tuning tuning) throws IOException {
        Dataplane dataplane = Dataplane.open(new Dataplane.Place(runDirectory(host), host(host), resolvConf()), tuning);
        open.add(dataplane);
        return dataplane;
    }

    Dataplane dataplane(int host) throws IOException {
        Dataplane dataplane = Dataplane.open(new Dataplane.Place(runDirectory(host), host(host), resolvConf()));
        open.add(dataplane);
        return dataplane;
    }

    private void plug(String name, String address) {
        namespace(name);
        String port = "p" + namespaces.size();
        run("ip", "link", "add", port, "netns", SWITCH, "type", "veth", "peer", "name", "eth0", "netns", name);
        run("ip", "-n", SWITCH, "link", "set", port, "master", "br0", "up");
        run("ip", "-n", name, "link", "set", "eth0", "up");
        run("ip", "-n", name, "addr", "add", address + "/24", "dev", "eth0");
    }

    /// Gets whatever the hosts send each other, and sends what it is given: the switch floods from now on.
    Tap wiretap() throws IOException {
        run("ip", "-n", SWITCH, "link", "set", "br0", "type", "bridge", "ageing_time", "0");
        Tap tap = new NetworkNamespace(Path.of("/run/netns/" + SWITCH)).enter(() -> Tap.openHere("wire"));
        run("ip", "-n", SWITCH, "link", "set", "wire", "master", "br0", "up");
        open.add(tap);
        return tap;
    }

    private void namespace(String name) {
        namespaces.add(name);
        if (Files.exists(Path.of("/run/netns/" + name))) {
            run("ip", "netns", "del", name);
        }
        run("ip", "netns", "add", name);
        run("ip", "-n", name, "link", "set", "lo", "up");
    }

    static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + output);
            }
            return output;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    static String in(int host, String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", PREFIX + "h" + host));
        all.addAll(List.of(command));
        return run(all.toArray(String[]::new));
    }

    /// A program in a namespace that answers every message with its name and the peer it sees, TCP and UDP.
    void serve(NetworkNamespace namespace, String name, int port) throws IOException {
        ServerSocketChannel tcp =
                namespace.enter(() -> ServerSocketChannel.open().bind(new InetSocketAddress(port)));
        DatagramChannel udp = namespace.enter(
                () -> DatagramChannel.open(StandardProtocolFamily.INET).bind(new InetSocketAddress(port)));
        open.add(tcp);
        open.add(udp);
        Thread.ofVirtual().start(() -> {
            while (tcp.isOpen()) {
                try {
                    SocketChannel client = tcp.accept();
                    Thread.ofVirtual().start(() -> answer(client, name));
                } catch (IOException closed) {
                    return;
                }
            }
        });
        Thread.ofVirtual().start(() -> {
            ByteBuffer buffer = ByteBuffer.allocate(65536);
            while (udp.isOpen()) {
                try {
                    InetSocketAddress from = (InetSocketAddress) udp.receive(buffer.clear());
                    udp.send(ByteBuffer.wrap(answer(name, from)), from);
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    private static void answer(SocketChannel client, String name) {
        ByteBuffer buffer = ByteBuffer.allocate(65536);
        try (client) {
            while (client.read(buffer.clear()) >= 0) {
                client.write(ByteBuffer.wrap(answer(name, (InetSocketAddress) client.getRemoteAddress())));
            }
        } catch (IOException gone) {
            return;
        }
    }

    private static byte[] answer(String name, InetSocketAddress from) {
        return (name + " " + from.getAddress().getHostAddress()).getBytes(StandardCharsets.UTF_8);
    }

    /// A connection that stays.
    SocketChannel connect(NetworkNamespace from, String address, int port) throws IOException {
        return connect(from, address, port, 0);
    }

    SocketChannel connect(NetworkNamespace from, String address, int port, int ownPort) throws IOException {
        SocketChannel channel = from.enter(() -> {
            SocketChannel opened = SocketChannel.open();
            opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (ownPort != 0) {
                opened.bind(new InetSocketAddress("0.0.0.0", ownPort));
            }
            opened.socket().connect(new InetSocketAddress(address, port), DEADLINE_MILLIS);
            return opened;
        });
        open.add(channel);
        return channel;
    }

    /// Sends a line and gives the answer.
    static String ask(SocketChannel channel) throws IOException {
        channel.write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)));
        channel.socket().setSoTimeout(DEADLINE_MILLIS);
        byte[] bytes = new byte[200];
        int length = channel.socket().getInputStream().read(bytes);
        return length < 0 ? "closed" : new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /// One request over a connection of its own.
    String fetch(NetworkNamespace from, String address, int port) throws IOException {
        try (SocketChannel channel = connect(from, address, port)) {
            return ask(channel);
        }
    }

    /// One datagram and its answer.
    static String fetchUdp(NetworkNamespace from, String address, int port) throws IOException {
        try (DatagramChannel channel = from.enter(() ->
                DatagramChannel.open(StandardProtocolFamily.INET).connect(new InetSocketAddress(address, port)))) {
            channel.write(ByteBuffer.wrap(new byte[] {1}));
            channel.socket().setSoTimeout(DEADLINE_MILLIS);
            java.net.DatagramPacket packet = new java.net.DatagramPacket(new byte[200], 200);
            channel.socket().receive(packet);
            return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
        }
    }

    /// What host `host` of `count` shall carry: the ingress network with tasks `10.0.0.<10 + their host>`.
    static NetworkState state(int host, int count, List<Integer> taskHosts, List<Overlay.Published> published) {
        List<Overlay.Peer> peers = new ArrayList<>();
        IntStream.rangeClosed(1, count)
                .filter(other -> other != host)
                .forEach(other -> peers.add(new Overlay.Peer(ingressAddress(other), address(other))));
        taskHosts.stream()
                .filter(other -> other != host)
                .forEach(other -> peers.add(new Overlay.Peer(taskAddress(other), address(other))));
        Overlay ingress = new Overlay(
                "ingressnetwork",
                "ingress",
                4096,
                List.of(new Overlay.Subnet("10.0.0.0/24", "10.0.0.1")),
                0,
                true,
                false,
                Optional.of(ingressAddress(host) + "/24"),
                Optional.empty(),
                peers,
                List.of(),
                published);
        return new NetworkState(address(host), 4789, List.of(ingress));
    }

    static String taskAddress(int host) {
        return "10.0.0." + (10 + host);
    }

    static TaskNetwork task(String id, int host) {
        return new TaskNetwork(
                id,
                id,
                List.of(new TaskNetwork.Attachment("ingressnetwork", taskAddress(host) + "/24", List.of())),
                List.of(),
                true,
                TaskNetwork.Names.NONE);
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        namespaces.forEach(name -> run("ip", "netns", "del", name));
        run(
                "sh",
                "-c",
                "for m in $(grep -o '" + directory + "[^ ]*' /proc/self/mounts); do umount -l $m; done; rm -rf "
                        + directory);
    }
}
