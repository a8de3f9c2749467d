package io.panal.node.consensus;

import io.panal.node.identity.Identity;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.LeaderElection;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.server.RaftServerConfigKeys.Rpc;
import org.apache.ratis.server.RaftServerConfigKeys.Snapshot;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/// The settings Ratis runs with. Each was tried; the reasons are in docs/decisions/consensus.md.
final class RatisSettings {
    static final int ELECTION_MILLIS_MIN = 2500;
    static final int ELECTION_MILLIS_MAX = 3500;
    static final int STAGING_SECONDS = 30;

    private RatisSettings() {}

    static RaftProperties properties(ConsensusSettings settings) {
        var properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(properties, List.of(settings.log().toFile()));
        RaftServerConfigKeys.setRemovedGroupsDir(properties, settings.removed().toFile());
        RaftServerConfigKeys.setStagingTimeout(properties, TimeDuration.valueOf(STAGING_SECONDS, TimeUnit.SECONDS));
        elections(properties);
        log(properties);
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
        // The cluster's settings for these may change at any time: Snapshots and HostedState go by them.
        Snapshot.setAutoTriggerEnabled(properties, false);
        Snapshot.setCreationGap(properties, 1);
        Snapshot.setTriggerWhenStopEnabled(properties, false);
        Log.setPurgeUptoSnapshotIndex(properties, false);
        Log.setPurgePreservationLogNum(properties, 0);
        Log.setPurgeGap(properties, 1);
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

    static Parameters parameters(Identity identity, PortServices services, SharedPort.Callers callers) {
        var parameters = new Parameters();
        var tls = GrpcTlsConfig.newBuilder()
                .setKeyManager(identity.keys())
                .setTrustManager(identity.managersOnly())
                .setMutualTls(true)
                .setSslProvider(SslProvider.JDK)
                .setProtocols("TLSv1.3")
                .build();
        GrpcConfigKeys.TLS.setConf(parameters, tls);
        GrpcConfigKeys.Server.setServicesCustomizer(parameters, new SharedPort(identity, services, callers));
        return parameters;
    }
}
