package io.panal.images.registry;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A registry that serves: plain HTTP, no login, for networks that are private.
public final class RegistryServer implements AutoCloseable {
    private static final int IDLE_SECONDS = 120;

    private final MultiThreadIoEventLoopGroup loops;
    private final ExecutorService threads;
    private final Channel socket;

    private RegistryServer(MultiThreadIoEventLoopGroup loops, ExecutorService threads, Channel socket) {
        this.loops = loops;
        this.threads = threads;
        this.socket = socket;
    }

    /// Serves a directory, which is made when it is not there; one server per directory.
    ///
    /// @param address port 0 takes a free one
    /// @throws IOException when the address is taken or the directory cannot be written
    public static RegistryServer start(InetSocketAddress address, Path directory) throws IOException {
        Routes routes = new Routes(Storage.open(directory));
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("registry-", 0).factory());
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS))
                                .addLast(new HttpServerCodec(8192, 64 << 10, 64 << 10))
                                .addLast(new Connection(routes, threads));
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            var _ = loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            threads.shutdownNow();
            throw new IOException("registry cannot listen on %s: %s".formatted(address, bound.cause()), bound.cause());
        }
        return new RegistryServer(loops, threads, bound.channel());
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return (InetSocketAddress) socket.localAddress();
    }

    /// Ends at once; uploads can be taken up again by the next server of the directory.
    @Override
    public void close() {
        socket.close().awaitUninterruptibly();
        threads.shutdownNow();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
