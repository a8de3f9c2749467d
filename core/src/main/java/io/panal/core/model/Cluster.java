package io.panal.core.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The swarm itself: one object.
///
/// @param authority who signs certificates, and the tokens that let nodes in
/// @param addressing fixed at `swarm init`
/// @param unlockKey without which no restarted manager can read its keys; empty while autolock is off
public record Cluster(
        Id<Cluster> id,
        Meta meta,
        ClusterSpec spec,
        Authority authority,
        Addressing addressing,
        Optional<String> unlockKey)
        implements Stored<Cluster> {

    public Cluster respecified(ClusterSpec next) {
        return new Cluster(id, meta, next, authority, addressing, unlockKey);
    }

    public Cluster reauthorised(Authority next) {
        return new Cluster(id, meta, spec, next, addressing, unlockKey);
    }

    public Cluster lockedWith(Optional<String> key) {
        return new Cluster(id, meta, spec, authority, addressing, key);
    }

    @Override
    public Cluster stamped(Meta stamp) {
        return new Cluster(id, stamp, spec, authority, addressing, unlockKey);
    }

    /// @param caCertificate PEM; the root that every node trusts
    /// @param caKey PEM; never shown by the API
    /// @param tlsInfo of this root
    /// @param rotation to another root, under way
    public record Authority(
            String caCertificate,
            String caKey,
            JoinTokens joinTokens,
            Node.TlsInfo tlsInfo,
            Optional<Rotation> rotation) {

        /// Certificates come from the next root from now on; one that was under way before is given up.
        public Authority rotating(Rotation next) {
            boolean isBack = next.caCertificate().equals(caCertificate);
            return new Authority(
                    caCertificate, caKey, joinTokens, tlsInfo, isBack ? Optional.empty() : Optional.of(next));
        }

        /// Every node has a certificate of the next root: it takes the place of the present one.
        public Authority rotated() {
            Rotation next = rotation.orElseThrow(() -> new IllegalStateException("no rotation is under way"));
            return new Authority(
                    next.caCertificate(), next.caKey(), next.joinTokens(), next.tlsInfo(), Optional.empty());
        }

        public Authority admittingWith(JoinTokens tokens) {
            return new Authority(caCertificate, caKey, tokens, tlsInfo, rotation);
        }

        /// Of the certificates that nodes are to have: the present root, and who signs now.
        public Node.TlsInfo wanted() {
            Node.TlsInfo signer = rotation.map(Rotation::tlsInfo).orElse(tlsInfo);
            return new Node.TlsInfo(tlsInfo.trustRoot(), signer.certIssuerSubject(), signer.certIssuerPublicKey());
        }
    }

    /// The root that is to be the next.
    ///
    /// @param crossSigned the next root as the present one signs it, PEM: whoever trusts only that one believes it
    /// @param joinTokens that pin the next root
    public record Rotation(
            String caCertificate, String caKey, String crossSigned, JoinTokens joinTokens, Node.TlsInfo tlsInfo) {}

    public record JoinTokens(String worker, String manager) {}

    /// @param defaultAddrPool empty means 10.0.0.0/8
    /// @param subnetSize prefix length of a network's subnet
    public record Addressing(List<String> defaultAddrPool, int subnetSize, int dataPathPort) {
        public Addressing {
            defaultAddrPool = List.copyOf(defaultAddrPool);
        }
    }

    /// What a user may change (Engine API, SwarmSpec).
    @JsonInclude(Include.NON_EMPTY)
    public record ClusterSpec(
            @JsonInclude(Include.ALWAYS) String name,
            @JsonInclude(Include.ALWAYS) Map<String, String> labels,
            @JsonInclude(Include.ALWAYS) Orchestration orchestration,
            @JsonInclude(Include.ALWAYS) Raft raft,
            @JsonInclude(Include.ALWAYS) Dispatcher dispatcher,

            @JsonProperty("CAConfig") @JsonInclude(Include.ALWAYS)
            CaConfig caConfig,

            @JsonInclude(Include.ALWAYS) TaskDefaults taskDefaults,
            @JsonInclude(Include.ALWAYS) EncryptionConfig encryptionConfig) {
        /// Docker 20.10's (`docker swarm init`, `GET /swarm`).
        public static final ClusterSpec DEFAULT = new ClusterSpec(
                "default",
                Map.of(),
                new Orchestration(Optional.of(5L)),
                new Raft(10000, Optional.of(0L), 500, 10, 1),
                new Dispatcher(Optional.of(Duration.ofSeconds(5))),
                new CaConfig(Optional.of(Duration.ofDays(90)), List.of(), 0),
                new TaskDefaults(Optional.empty()),
                new EncryptionConfig(false));

        public ClusterSpec {
            labels = Labels.sorted(labels);
        }
    }

    /// @param taskHistoryRetentionLimit tasks kept in a slot, the current one included; 5 when empty
    @JsonInclude(Include.NON_EMPTY)
    public record Orchestration(Optional<Long> taskHistoryRetentionLimit) {}

    /// Docker's settings; the ticks are kept and shown, the engine has its own.
    public record Raft(
            @Unsigned long snapshotInterval,
            @Unsigned Optional<Long> keepOldSnapshots,
            @Unsigned long logEntriesForSlowFollowers,
            int electionTick,
            int heartbeatTick) {}

    /// @param heartbeatPeriod 5 s when empty
    @JsonInclude(Include.NON_EMPTY)
    public record Dispatcher(Optional<Duration> heartbeatPeriod) {}

    /// @param nodeCertExpiry 90 days when empty
    @JsonInclude(Include.NON_EMPTY)
    public record CaConfig(
            Optional<Duration> nodeCertExpiry,
            @JsonProperty("ExternalCAs") List<Map<String, Object>> externalCas,
            @Unsigned @JsonInclude(Include.NON_DEFAULT) long forceRotate) {
        public CaConfig {
            externalCas = List.copyOf(externalCas);
        }
    }

    @JsonInclude(Include.NON_EMPTY)
    public record TaskDefaults(Optional<TaskSpec.LogDriver> logDriver) {}

    public record EncryptionConfig(boolean autoLockManagers) {}
}
