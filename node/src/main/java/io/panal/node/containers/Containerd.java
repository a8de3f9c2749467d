package io.panal.node.containers;

import com.google.protobuf.Empty;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.panal.containerd.containers.ContainersGrpc;
import io.panal.containerd.containers.ContainersGrpc.ContainersBlockingStub;
import io.panal.containerd.content.ContentGrpc;
import io.panal.containerd.content.ContentGrpc.ContentBlockingStub;
import io.panal.containerd.content.ContentGrpc.ContentBlockingV2Stub;
import io.panal.containerd.diff.DiffGrpc;
import io.panal.containerd.diff.DiffGrpc.DiffBlockingStub;
import io.panal.containerd.events.EventsGrpc;
import io.panal.containerd.events.EventsGrpc.EventsBlockingStub;
import io.panal.containerd.images.ImagesGrpc;
import io.panal.containerd.images.ImagesGrpc.ImagesBlockingStub;
import io.panal.containerd.leases.LeasesGrpc;
import io.panal.containerd.leases.LeasesGrpc.LeasesBlockingStub;
import io.panal.containerd.namespaces.CreateNamespaceRequest;
import io.panal.containerd.namespaces.Namespace;
import io.panal.containerd.namespaces.NamespacesGrpc;
import io.panal.containerd.snapshots.SnapshotsGrpc;
import io.panal.containerd.snapshots.SnapshotsGrpc.SnapshotsBlockingStub;
import io.panal.containerd.tasks.TasksGrpc;
import io.panal.containerd.tasks.TasksGrpc.TasksBlockingStub;
import io.panal.containerd.version.VersionGrpc;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// A connection to one containerd, in our namespace of it. It outlives restarts of containerd.
///
/// Netty's NIO transport over the JDK's unix sockets: it needs no native library.
public final class Containerd implements AutoCloseable {
    /// Our namespace: what others do in the same containerd is invisible to us, and ours to them.
    static final String NAMESPACE = "panal";

    static final String SNAPSHOTTER = "overlayfs";

    private static final Metadata.Key<String> NAMESPACE_HEADER =
            Metadata.Key.of("containerd-namespace", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> LEASE_HEADER =
            Metadata.Key.of("containerd-lease", Metadata.ASCII_STRING_MARSHALLER);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LONG_PATIENCE = Duration.ofMinutes(30);
    private static final int LARGEST_MESSAGE_BYTES = 16 << 20;

    private final Path socket;
    private final EventLoopGroup loop;
    private final ManagedChannel channel;
    private final Channel namespaced;

    private Containerd(Path socket) {
        this.socket = socket;
        loop = new MultiThreadIoEventLoopGroup(
                1, Thread.ofPlatform().daemon().name("containerd-link").factory(), NioIoHandler.newFactory());
        channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .eventLoopGroup(loop)
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                .overrideAuthority("localhost")
                // Asked for by default, and complained about by a unix socket, which has none.
                .withOption(ChannelOption.SO_KEEPALIVE, null)
                .directExecutor()
                .maxInboundMessageSize(LARGEST_MESSAGE_BYTES)
                .usePlaintext()
                .build();
        var headers = new Metadata();
        headers.put(NAMESPACE_HEADER, NAMESPACE);
        namespaced = ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /// Connects and makes sure that our namespace exists.
    ///
    /// @param socket containerd's; it must answer within a minute
    public static Containerd connect(Path socket) throws ContainersException {
        var containerd = new Containerd(socket);
        try {
            containerd.makeNamespace();
            return containerd;
        } catch (ContainersException refused) {
            containerd.close();
            throw refused;
        }
    }

    private void makeNamespace() throws ContainersException {
        var stub = patient(NamespacesGrpc.newBlockingStub(namespaced));
        var request = CreateNamespaceRequest.newBuilder()
                .setNamespace(Namespace.newBuilder().setName(NAMESPACE))
                .build();
        try {
            call(() -> stub.create(request));
        } catch (ContainersException refused) {
            if (refused.reason() != ContainersException.Reason.CONFLICT) {
                throw refused;
            }
        }
    }

    Path socket() {
        return socket;
    }

    /// containerd's own version, as it says it.
    public String version() throws ContainersException {
        return call(() -> patient(VersionGrpc.newBlockingStub(channel))
                .version(Empty.getDefaultInstance())
                .getVersion());
    }

    /// Whether containerd answers now; asks for a new connection at once if there is none.
    boolean isAnswering() {
        channel.resetConnectBackoff();
        try {
            var _ = VersionGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(2, TimeUnit.SECONDS)
                    .version(Empty.getDefaultInstance());
            return true;
        } catch (StatusRuntimeException _) {
            return false;
        }
    }

    ContainersBlockingStub containers() {
        return patient(ContainersGrpc.newBlockingStub(namespaced));
    }

    TasksBlockingStub tasks() {
        return patient(TasksGrpc.newBlockingStub(namespaced));
    }

    SnapshotsBlockingStub snapshots() {
        return patient(SnapshotsGrpc.newBlockingStub(namespaced));
    }

    ImagesBlockingStub images() {
        return patient(ImagesGrpc.newBlockingStub(namespaced));
    }

    LeasesBlockingStub leases() {
        return patient(LeasesGrpc.newBlockingStub(namespaced));
    }

    /// A stream may last: no deadline.
    EventsBlockingStub events() {
        return EventsGrpc.newBlockingStub(namespaced);
    }

    ContentBlockingStub content() {
        return unhurried(ContentGrpc.newBlockingStub(namespaced));
    }

    ContentBlockingV2Stub contentStreams() {
        return unhurried(ContentGrpc.newBlockingV2Stub(namespaced));
    }

    DiffBlockingStub diff() {
        return unhurried(DiffGrpc.newBlockingStub(namespaced));
    }

    /// The same stub, whose new objects the lease keeps from being collected.
    static <S extends AbstractStub<S>> S leased(S stub, String lease) {
        var headers = new Metadata();
        headers.put(LEASE_HEADER, lease);
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static <S extends AbstractStub<S>> S patient(S stub) {
        return stub.withWaitForReady().withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static <S extends AbstractStub<S>> S unhurried(S stub) {
        return stub.withWaitForReady().withDeadlineAfter(LONG_PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /// Makes a call, with containerd's refusal as our exception.
    static <T> T call(Supplier<T> call) throws ContainersException {
        try {
            return call.get();
        } catch (StatusRuntimeException refused) {
            throw new ContainersException(refused);
        } catch (RejectedExecutionException _) {
            throw new ContainersException(
                    ContainersException.Reason.UNAVAILABLE, "the connection to containerd was closed");
        }
    }

    /// As [#call], where something that is gone already is as good as removed.
    static void remove(Supplier<?> call) throws ContainersException {
        try {
            var _ = call(call);
        } catch (ContainersException refused) {
            if (refused.reason() != ContainersException.Reason.MISSING) {
                throw refused;
            }
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
