package io.panal.node.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// The sockets of one handler.
///
/// Epoll everywhere: Netty's NIO unix channel closes both ways when a client closes its sending side.
public final class HttpServer implements Closeable {
    private static final Logger LOG = System.getLogger(HttpServer.class.getName());

    private final Handler handler;
    private final Limits limits;
    private final Map<String, String> fixedHeaders;
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final List<Path> sockets = new CopyOnWriteArrayList<>();

    /// @param fixedHeaders what every answer carries
    public HttpServer(Handler handler, Limits limits, Map<String, String> fixedHeaders) {
        this.handler = handler;
        this.limits = limits;
        this.fixedHeaders = Map.copyOf(fixedHeaders);
    }

    /// Listens on a unix socket for root and its group (mode 0660). A socket file nobody listens on is replaced.
    ///
    /// @throws IOException when another server answers there
    public void listenUnix(Path path) throws IOException {
        if (Files.exists(path)) {
            refuseIfAnswering(path);
            Files.delete(path);
        }
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        bind(EpollServerDomainSocketChannel.class, new DomainSocketAddress(path.toString()), Optional.empty());
        sockets.add(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
    }

    /// Listens on TCP without TLS: for loopback only, since whoever reaches it is root.
    ///
    /// @return where it listens; port 0 in `address` takes a free one
    public InetSocketAddress listenTcp(InetSocketAddress address) throws IOException {
        return (InetSocketAddress) bind(EpollServerSocketChannel.class, address, Optional.empty());
    }

    /// Listens on TCP with TLS and required client certificates.
    ///
    /// @return where it listens; port 0 in `address` takes a free one
    public InetSocketAddress listenTls(InetSocketAddress address, Tls tls) throws IOException {
        return (InetSocketAddress) bind(EpollServerSocketChannel.class, address, Optional.of(tls.context()));
    }

    private static void refuseIfAnswering(Path path) throws IOException {
        try (var probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            if (probe.connect(UnixDomainSocketAddress.of(path))) {
                throw new IOException(
                        "another daemon listens on %s: stop it first, or choose another -H".formatted(path));
            }
        } catch (ConnectException refused) {
            LOG.log(Level.DEBUG, () -> "stale socket replaced path=%s reason=%s".formatted(path, refused.getMessage()));
        }
    }

    private SocketAddress bind(Class<? extends ServerChannel> kind, SocketAddress address, Optional<SslContext> tls)
            throws IOException {
        var bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(kind)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        prepare(channel, tls);
                    }
                });
        try {
            var bound = bootstrap.bind(address).await();
            if (!bound.isSuccess()) {
                throw new IOException(
                        "cannot listen on %s: %s"
                                .formatted(address, bound.cause().getMessage()),
                        bound.cause());
            }
            open.add(bound.channel());
            return bound.channel().localAddress();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while opening " + address);
        }
    }

    private void prepare(Channel channel, Optional<SslContext> tls) {
        if (open.size() >= limits.connections()) {
            Connection.close(channel);
            return;
        }
        open.add(channel);
        tls.ifPresent(context -> channel.pipeline().addLast(new TlsDoor(context)));
        var connection = new Connection(this::start, limits, fixedHeaders);
        var decoding = new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.lineBytes())
                .setMaxHeaderSize(limits.headerBytes());
        channel.pipeline().addLast(new HeadWatch(connection), new RequestCodec(decoding), connection);
    }

    private void start(Exchange exchange) {
        Thread thread = Thread.ofVirtual().name("http " + exchange).unstarted(() -> answer(exchange));
        exchange.startedOn(thread);
        thread.start();
    }

    private void answer(Exchange exchange) {
        try {
            handler.handle(exchange);
            if (!exchange.isAnswered()) {
                if (exchange.isClientGone()) {
                    throw new ClientGone();
                }
                throw new IllegalStateException("not answered: " + exchange);
            }
            exchange.finish();
        } catch (ClientGone | InterruptedIOException gone) {
            LOG.log(Level.DEBUG, () -> "client gone request=\"%s\"".formatted(exchange));
            exchange.breakOff();
        } catch (Refusal refusal) {
            fail(exchange, refusal.status(), refusal.message());
        } catch (IOException failure) {
            LOG.log(Level.WARNING, () -> "request failed request=\"%s\" reason=%s".formatted(exchange, failure));
            fail(exchange, 500, String.valueOf(failure.getMessage()));
        } catch (RuntimeException bug) {
            LOG.log(Level.ERROR, () -> "request broke request=\"%s\"".formatted(exchange), bug);
            fail(
                    exchange,
                    500,
                    "internal error, see the daemon's log: " + bug.getClass().getSimpleName());
        }
    }

    private static void fail(Exchange exchange, int status, String message) {
        if (exchange.isAnswered() || exchange.isClientGone()) {
            exchange.breakOff();
            return;
        }
        try {
            exchange.refuse(status, message);
            exchange.finish();
        } catch (IOException gone) {
            LOG.log(Level.DEBUG, () -> "client gone request=\"%s\" reason=%s".formatted(exchange, gone.getMessage()));
            exchange.breakOff();
        }
    }

    /// Closes every socket; handlers in the middle of an answer are interrupted.
    @Override
    public void close() throws IOException {
        if (!open.close().awaitUninterruptibly(3, TimeUnit.SECONDS)) {
            LOG.log(Level.WARNING, "connections did not close in time");
        }
        var stopped = loops.shutdownGracefully(0, 2, TimeUnit.SECONDS);
        stopped.awaitUninterruptibly(3, TimeUnit.SECONDS);
        for (Path socket : sockets) {
            Files.deleteIfExists(socket);
        }
    }
}
