package io.panal.node.consensus;

import io.panal.node.identity.Identity;
import io.panal.node.identity.NodeName;
import io.panal.node.identity.Role;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.LeaderElection;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.server.RaftServerConfigKeys.Rpc;
import org.apache.ratis.server.RaftServerConfigKeys.Snapshot;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Grpc;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.GrpcSslContexts;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.ClientAuth;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContextBuilder;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/// The settings Ratis runs with. Each was tried; the reasons are in docs/decisions/consensus.md.
final class RatisSettings {
    static final int ELECTION_MILLIS_MIN = 2000;
    static final int ELECTION_MILLIS_MAX = 3000;
    static final int STAGING_SECONDS = 30;

    private RatisSettings() {}

    static RaftProperties properties(ConsensusSettings settings) {
        var properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(properties, List.of(settings.log().toFile()));
        RaftServerConfigKeys.setRemovedGroupsDir(properties, settings.removed().toFile());
        RaftServerConfigKeys.setStagingTimeout(properties, TimeDuration.valueOf(STAGING_SECONDS, TimeUnit.SECONDS));
        elections(properties);
        log(properties);
        Snapshot.setAutoTriggerThreshold(properties, settings.snapshotEntries());
        // Without the lease a leader that was cut off answers reads from the past.
        RaftServerConfigKeys.Read.setOption(properties, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
        RaftServerConfigKeys.Read.setLeaderLeaseEnabled(properties, true);
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, TimeDuration.valueOf(15, TimeUnit.SECONDS));
        GrpcConfigKeys.Server.setHost(properties, settings.listen().getHostString());
        GrpcConfigKeys.Server.setPort(properties, settings.listen().getPort());
        GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf("8MB"));
        GrpcConfigKeys.setFlowControlWindow(properties, SizeInBytes.valueOf("1MB"));
        GrpcConfigKeys.setUseEpoll(properties, false);
        return properties;
    }

    private static void elections(RaftProperties properties) {
        // Heartbeats come twice in the shorter: each wakes a dozen threads. A leader whose process dies is missed
        // sooner.
        Rpc.setTimeoutMin(properties, TimeDuration.valueOf(ELECTION_MILLIS_MIN, TimeUnit.MILLISECONDS));
        Rpc.setTimeoutMax(properties, TimeDuration.valueOf(ELECTION_MILLIS_MAX, TimeUnit.MILLISECONDS));
        // A leader that lost its majority may hold the only full log: it must stand again soon after.
        LeaderElection.setLeaderStepDownWaitTime(properties, TimeDuration.valueOf(2, TimeUnit.SECONDS));
        // A member alone leads at once; with others the pre-vote keeps an early candidate harmless.
        Rpc.setFirstElectionTimeoutMin(properties, TimeDuration.valueOf(100, TimeUnit.MILLISECONDS));
        Rpc.setFirstElectionTimeoutMax(properties, TimeDuration.valueOf(250, TimeUnit.MILLISECONDS));
    }

    private static void log(RaftProperties properties) {
        Snapshot.setAutoTriggerEnabled(properties, true);
        Snapshot.setCreationGap(properties, 1);
        Snapshot.setRetentionFileNum(properties, 1);
        Snapshot.setTriggerWhenStopEnabled(properties, false);
        Log.setPurgeUptoSnapshotIndex(properties, true);
        Log.setPurgeGap(properties, 1);
        Log.setPurgePreservationLogNum(properties, 500);
        Log.setSegmentSizeMax(properties, SizeInBytes.valueOf("8MB"));
        Log.setPreallocatedSize(properties, SizeInBytes.valueOf("1MB"));
        Log.setSegmentCacheNumMax(properties, 2);
        Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf("16MB"));
        Log.setCorruptionPolicy(properties, Log.CorruptionPolicy.EXCEPTION);
        Log.Appender.setBufferByteLimit(properties, SizeInBytes.valueOf("2MB"));
        Log.setWriteBufferSize(properties, SizeInBytes.valueOf("2304KB"));
        Log.setQueueByteLimit(properties, SizeInBytes.valueOf("16MB"));
        // Ratis tries a lost member every 5 s after a while: one that comes back would wait for as long.
        Log.Appender.setRetryPolicy(properties, "1ms,10, 500ms,20, 1s,1000000");
        Log.Appender.setSnapshotChunkSizeMax(properties, SizeInBytes.valueOf("1MB"));
        RaftServerConfigKeys.Write.setByteLimit(properties, SizeInBytes.valueOf("16MB"));
    }

    /// @param ended is told the node whose stream of entries to this member has ended, on the engine's thread
    static Parameters parameters(Identity identity, PortServices services, Consumer<String> ended) {
        var parameters = new Parameters();
        var tls = GrpcTlsConfig.newBuilder()
                .setKeyManager(identity.keys())
                .setTrustManager(identity.managersOnly())
                .setMutualTls(true)
                .setSslProvider(SslProvider.JDK)
                .setProtocols("TLSv1.3")
                .build();
        GrpcConfigKeys.TLS.setConf(parameters, tls);
        GrpcConfigKeys.Server.setServicesCustomizer(parameters, new SharedPort(identity, services, ended));
        return parameters;
    }

    /// Opens the log's port to other services: a joining node has no certificate yet, so the log checks its
    /// callers itself.
    private record SharedPort(Identity identity, PortServices services, Consumer<String> ended)
            implements GrpcServices.Customizer, ServerInterceptor {
        private static final String MEMBERS_ONLY = "ratis.grpc.RaftServerProtocolService";
        private static final String ENTRIES = "appendEntries";

        @Override
        public NettyServerBuilder customize(NettyServerBuilder builder, EnumSet<GrpcServices.Type> types) {
            try {
                var context = SslContextBuilder.forServer(identity.keys())
                        .trustManager(identity.anyNode())
                        .clientAuth(ClientAuth.OPTIONAL)
                        .protocols("TLSv1.3");
                builder.sslContext(
                        GrpcSslContexts.configure(context, SslProvider.JDK).build());
            } catch (IOException e) {
                throw new IllegalStateException("the port's TLS cannot be set up", e);
            }
            builder.intercept(this);
            services.addTo(builder);
            return builder;
        }

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            String service = String.valueOf(call.getMethodDescriptor().getServiceName());
            if (!service.startsWith("ratis.")) {
                return next.startCall(call, headers);
            }
            Optional<NodeName> manager = manager(call);
            if (!service.equals(MEMBERS_ONLY) || manager.isEmpty()) {
                call.close(Status.PERMISSION_DENIED.withDescription("for the swarm's managers only"), new Metadata());
                return new ServerCall.Listener<>() {};
            }
            ServerCall.Listener<Q> listener = next.startCall(call, headers);
            return ENTRIES.equals(call.getMethodDescriptor().getBareMethodName())
                    ? new Entries<>(listener, manager.get().nodeId(), ended)
                    : listener;
        }

        private static Optional<NodeName> manager(ServerCall<?, ?> call) {
            return NodeName.of(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION))
                    .filter(peer -> peer.role() == Role.MANAGER);
        }
    }

    /// A stream of entries and heartbeats, of which it is told when it ends: a process that dies ends it at once.
    private static final class Entries<Q> extends SimpleForwardingServerCallListener<Q> {
        private final String nodeId;
        private final Consumer<String> ended;

        Entries(ServerCall.Listener<Q> listener, String nodeId, Consumer<String> ended) {
            super(listener);
            this.nodeId = nodeId;
            this.ended = ended;
        }

        @Override
        public void onHalfClose() {
            super.onHalfClose();
            ended.accept(nodeId);
        }

        @Override
        public void onCancel() {
            super.onCancel();
            ended.accept(nodeId);
        }
    }
}
