package io.panal.node.consensus;

import io.panal.node.identity.Authority;
import io.panal.node.identity.Credentials;
import io.panal.node.identity.Identity;
import io.panal.node.identity.NodeName;
import io.panal.node.identity.Pem;
import io.panal.node.identity.Role;
import io.panal.node.identity.SealingKey;
import io.panal.node.identity.SigningRequest;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/// Members in this process, each with its own directory and port on 127.0.0.1.
final class Cluster implements AutoCloseable {
    static final long SNAPSHOT_ENTRIES = 500;
    static final String CLUSTER = "cluster1cluster1cluster1x";

    private final Path directory;
    private final String prefix;
    final Authority authority = Authority.create(Instant.now());
    final Map<String, MemberUnderTest> members = new LinkedHashMap<>();

    Cluster(Path directory) {
        this.directory = directory;
        prefix = "t" + Integer.toString(Math.abs(directory.toString().hashCode()), 36);
    }

    /// A state that is the list of its entries.
    static final class Entries implements ReplicatedState {
        private final List<String> entries = new ArrayList<>();
        volatile boolean fails;

        @Override
        public synchronized void apply(long term, long index, byte[] entry) {
            if (fails) {
                throw new IllegalStateException("cannot apply");
            }
            entries.add(new String(entry, StandardCharsets.UTF_8));
        }

        @Override
        public synchronized void snapshot(OutputStream to) throws IOException {
            var out = new DataOutputStream(to);
            out.writeInt(entries.size());
            for (String entry : entries) {
                out.writeUTF(entry);
            }
        }

        @Override
        public synchronized void restore(InputStream from, long index) throws IOException {
            var in = new DataInputStream(from);
            int count = in.readInt();
            entries.clear();
            for (int i = 0; i < count; i++) {
                entries.add(in.readUTF());
            }
        }

        synchronized List<String> all() {
            return List.copyOf(entries);
        }
    }

    static final class MemberUnderTest implements ConsensusListener {
        final String nodeId;
        final Path directory;
        final Identity identity;
        final SealingKey diskKey = SealingKey.fresh();
        volatile Entries state = new Entries();
        final List<String> events = new CopyOnWriteArrayList<>();
        volatile long term;
        int port;
        volatile Retention retention = new Retention(SNAPSHOT_ENTRIES, 0, 500);
        volatile Runnable asks = () -> {};
        Consensus consensus;

        MemberUnderTest(String nodeId, Path directory, Identity identity) {
            this.nodeId = nodeId;
            this.directory = directory;
            this.identity = identity;
        }

        ConsensusSettings settings() {
            return new ConsensusSettings(
                    nodeId,
                    CLUSTER,
                    new InetSocketAddress("127.0.0.1", port),
                    "127.0.0.1:" + port,
                    directory,
                    diskKey,
                    retention);
        }

        Hosted hosted() {
            state = new Entries();
            return new Hosted(state, this);
        }

        SecurePort securePort() {
            return new SecurePort(identity, PortServices.none());
        }

        void restart() throws IOException {
            consensus = Consensus.restart(settings(), hosted(), securePort());
        }

        void restartAfterClose() throws IOException {
            consensus.close();
            restart();
        }

        @Override
        public void leadershipGained(long gained) {
            term = gained;
            events.add("gained");
        }

        @Override
        public void leadershipLost() {
            events.add("lost");
        }

        @Override
        public void leaderChanged(Optional<String> leader) {
            events.add("leader " + leader.orElse("none"));
        }

        @Override
        public void membersChanged(List<Member> now) {
            events.add("members " + now.size());
        }

        @Override
        public void removed() {
            events.add("removed");
        }

        @Override
        public void strangerCalled() {
            events.add("stranger");
            Thread.ofVirtual().start(asks);
        }

        @Override
        public void halted(String why) {
            events.add("halted " + why);
        }

        @Override
        public void failed(String why) {
            events.add("failed " + why);
        }
    }

    MemberUnderTest node(String name, Role role) throws IOException {
        String id = prefix + name;
        var node = new MemberUnderTest(id, directory.resolve(name), identity(authority, id, role));
        node.port = freePort();
        node.asks = () -> tellMembers(node);
        members.put(name, node);
        return node;
    }

    /// What the links do: has every other member that runs say who the members are.
    void tellMembers(MemberUnderTest asker) {
        for (MemberUnderTest other : members.values()) {
            Consensus asked = other.consensus;
            if (asked != null && other != asker) {
                asked.membership().ifPresent(said -> asker.consensus.hear(other.nodeId, said));
            }
        }
    }

    static Identity identity(Authority authority, String id, Role role) throws IOException {
        KeyPair key = SigningRequest.newKey();
        var certificate = authority.issue(
                SigningRequest.read(SigningRequest.text(key)).orElseThrow(),
                new NodeName(id, role, CLUSTER),
                Instant.now(),
                Authority.NODE_VALIDITY);
        return new Identity(
                Credentials.of(key.getPrivate(), Pem.text(List.of(certificate)), authority.certificateText()));
    }

    MemberUnderTest bootstrap(String name) throws IOException {
        MemberUnderTest node = node(name, Role.MANAGER);
        node.consensus = Consensus.bootstrap(node.settings(), node.hosted(), node.securePort());
        await("a first leader", node.consensus::isLeader);
        return node;
    }

    MemberUnderTest join(String name) throws IOException, InterruptedException {
        MemberUnderTest node = node(name, Role.MANAGER);
        MemberUnderTest leader = leader();
        node.consensus =
                Consensus.join(node.settings(), leader.consensus.introduction(), node.hosted(), node.securePort());
        Change change = leader.consensus.addMember(node.consensus.self());
        if (!(change instanceof Change.Done)) {
            throw new IllegalStateException("not added: " + change);
        }
        return node;
    }

    MemberUnderTest leader() {
        await("a leader", () -> members.values().stream().anyMatch(Cluster::leads));
        return members.values().stream().filter(Cluster::leads).findFirst().orElseThrow();
    }

    private static boolean leads(MemberUnderTest node) {
        return node.consensus != null && node.consensus.isLeader();
    }

    /// Submits at whoever leads, until it is committed.
    void write(String text) throws InterruptedException {
        // Not by the clock, which may jump.
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (System.nanoTime() - deadline < 0) {
            MemberUnderTest leader = leader();
            Submission submission = leader.consensus.submit(leader.term, text.getBytes(StandardCharsets.UTF_8));
            if (submission instanceof Submission.Committed) {
                return;
            }
            Thread.sleep(20);
        }
        throw new IllegalStateException("not written: " + text);
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("still waiting for " + what);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    void stop(MemberUnderTest node) {
        node.consensus.close();
        node.consensus = null;
    }

    @Override
    public void close() {
        for (MemberUnderTest node : members.values()) {
            if (node.consensus != null) {
                node.consensus.close();
            }
        }
    }
}
