package io.panal.node.dataplane;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

/// The name server at 127.0.0.11 of every task.
///
/// Its sockets live in the tasks' namespaces, so that the socket itself tells who asks; one thread serves them all.
/// Names of the cluster are answered here, others are passed on.
final class Resolver implements Closeable {
    static final System.Logger LOG = System.getLogger(Resolver.class.getName());
    private static final InetAddress ADDRESS = InetAddress.ofLiteral("127.0.0.11");
    /// `tasks.example.org` may be somebody's.
    private static final Pattern TASKS_OF_NOBODY = Pattern.compile("tasks\\.[^.]+");

    private static final int LARGEST_BYTES = 65_535;
    private static final int PASSED_ON_AT_ONCE = 1024;
    private static final int STREAM_PATIENCE_MILLIS = 10_000;

    private final Selector selector;
    private final Upstream upstream;
    private final Map<String, Sockets> served = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Asker> arrivals = new ConcurrentLinkedQueue<>();
    private final Semaphore passing = new Semaphore(PASSED_ON_AT_ONCE);
    private volatile NameTable names = NameTable.EMPTY;

    private Resolver(Selector selector, Upstream upstream) {
        this.selector = selector;
        this.upstream = upstream;
    }

    /// Who asks.
    ///
    /// @param networkIds in the order in which a name is looked for
    /// @param servers its own for names outside the cluster; empty for the host's
    /// @param outside whether it may reach outside: if not, the host's servers are not asked for it
    record Asker(Sockets sockets, List<String> networkIds, List<Upstream.Server> servers, boolean outside) {
        /// A question to the host's servers is a way out too.
        private List<Upstream.Server> servers(Upstream upstream) {
            return servers.isEmpty() && outside ? upstream.servers() : servers;
        }
    }

    /// A task's sockets, on free ports that a rule in its namespace redirects port 53 to.
    record Sockets(DatagramChannel udp, ServerSocketChannel tcp) implements Closeable {
        /// In the calling thread's namespace.
        static Sockets openHere() throws IOException {
            InetSocketAddress any = new InetSocketAddress(ADDRESS, 0);
            DatagramChannel udp = DatagramChannel.open(StandardProtocolFamily.INET);
            ServerSocketChannel tcp = ServerSocketChannel.open(StandardProtocolFamily.INET);
            Sockets sockets = new Sockets(udp, tcp);
            try {
                udp.bind(any).configureBlocking(false);
                tcp.bind(any).configureBlocking(false);
                return sockets;
            } catch (IOException failure) {
                sockets.close();
                throw failure;
            }
        }

        int udpPort() {
            return udp.socket().getLocalPort();
        }

        int tcpPort() {
            return tcp.socket().getLocalPort();
        }

        @Override
        public void close() throws IOException {
            try (tcp) {
                udp.close();
            }
        }
    }

    static Resolver start(Upstream upstream) throws IOException {
        Resolver resolver = new Resolver(Selector.open(), upstream);
        Thread.ofPlatform().name("resolver").daemon().start(resolver::run);
        return resolver;
    }

    /// From now on these names count.
    void know(NameTable table) {
        names = table;
    }

    /// Again for a task whose networks have changed: the sockets stay.
    void serve(String taskId, Asker asker) {
        served.put(taskId, asker.sockets());
        arrivals.add(asker);
        selector.wakeup();
    }

    /// Safe to repeat.
    void stop(String taskId) throws IOException {
        Sockets sockets = served.remove(taskId);
        if (sockets != null) {
            sockets.close();
            // A closed channel lets go of its port, and its namespace, when the selector has noticed.
            selector.wakeup();
        }
    }

    @Override
    public void close() throws IOException {
        for (String taskId : List.copyOf(served.keySet())) {
            stop(taskId);
        }
        selector.close();
    }

    private void run() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST_BYTES);
        while (selector.isOpen()) {
            try {
                selector.select();
                for (Asker asker = arrivals.poll(); asker != null; asker = arrivals.poll()) {
                    register(asker);
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.attachment() instanceof Asker asker) {
                        serve(key, asker, buffer);
                    }
                }
                selector.selectedKeys().clear();
            } catch (ClosedSelectorException stopped) {
                return;
            } catch (IOException failure) {
                LOG.log(Level.ERROR, () -> "resolver failed reason=" + failure);
            }
        }
    }

    private void register(Asker asker) throws IOException {
        if (asker.sockets().udp().isOpen() && asker.sockets().tcp().isOpen()) {
            asker.sockets().udp().register(selector, SelectionKey.OP_READ, asker);
            asker.sockets().tcp().register(selector, SelectionKey.OP_ACCEPT, asker);
        }
    }

    private void serve(SelectionKey key, Asker asker, ByteBuffer buffer) {
        try {
            if (key.channel() instanceof DatagramChannel udp) {
                SocketAddress from = udp.receive(buffer.clear());
                while (from != null) {
                    answerDatagram(asker, buffer.flip(), from);
                    from = udp.receive(buffer.clear());
                }
            } else {
                SocketChannel client = asker.sockets().tcp().accept();
                if (client != null) {
                    Thread.ofVirtual().name("resolver-stream").start(() -> answerStream(asker, client));
                }
            }
        } catch (IOException gone) {
            LOG.log(Level.DEBUG, () -> "resolver socket gone reason=" + gone);
        }
    }

    private void answerDatagram(Asker asker, ByteBuffer message, SocketAddress from) throws IOException {
        Optional<DnsMessage> question = DnsMessage.question(message);
        if (question.isEmpty()) {
            return;
        }
        Optional<ByteBuffer> known = known(asker, question.get(), true);
        if (known.isPresent()) {
            asker.sockets().udp().send(known.get(), from);
            return;
        }
        Thread.ofVirtual().name("resolver-question").start(() -> {
            ByteBuffer answer = passOn(asker, question.get(), true);
            try {
                asker.sockets().udp().send(answer, from);
            } catch (IOException gone) {
                LOG.log(Level.DEBUG, () -> "resolver answer not wanted any more reason=" + gone);
            }
        });
    }

    private void answerStream(Asker asker, SocketChannel client) {
        try (client) {
            client.socket().setSoTimeout(STREAM_PATIENCE_MILLIS);
            byte[] length = client.socket().getInputStream().readNBytes(2);
            while (length.length == 2) {
                int bytes = Short.toUnsignedInt(ByteBuffer.wrap(length).getShort());
                ByteBuffer message =
                        ByteBuffer.wrap(client.socket().getInputStream().readNBytes(bytes));
                Optional<DnsMessage> question = DnsMessage.question(message);
                if (question.isEmpty()) {
                    return;
                }
                ByteBuffer answer =
                        known(asker, question.get(), false).orElseGet(() -> passOn(asker, question.get(), false));
                ByteBuffer out = ByteBuffer.allocate(2 + answer.remaining());
                client.write(
                        out.putShort((short) answer.remaining()).put(answer).flip());
                length = client.socket().getInputStream().readNBytes(2);
            }
        } catch (IOException gone) {
            LOG.log(Level.DEBUG, () -> "resolver client gone reason=" + gone);
        }
    }

    /// The answer to a question about the cluster.
    private Optional<ByteBuffer> known(Asker asker, DnsMessage question, boolean datagram) {
        NameTable table = names;
        if (question.type() == DnsMessage.TYPE_PTR) {
            return table.nameOf(question.name(), asker.networkIds()).map(question::answer);
        }
        Optional<ByteBuffer> answer = table.addresses(question.name(), asker.networkIds())
                .map(addresses -> question.answer(addresses, datagram));
        // A single label may be a service that this daemon has not been told of yet.
        boolean isTooEarly = !question.name().contains(".") && !table.knowsAll(asker.networkIds());
        return isTooEarly ? answer.or(() -> Optional.of(question.failure())) : answer;
    }

    private ByteBuffer passOn(Asker asker, DnsMessage question, boolean datagram) {
        if (!passing.tryAcquire()) {
            return question.failure();
        }
        try {
            return TASKS_OF_NOBODY.matcher(question.name()).matches()
                    ? question.noSuchName()
                    : upstream.ask(question, asker.servers(upstream), datagram).orElseGet(question::failure);
        } finally {
            passing.release();
        }
    }
}
