package io.panal.node.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.node.consensus.Consensus;
import io.panal.node.consensus.ConsensusListener;
import io.panal.node.consensus.ConsensusSettings;
import io.panal.node.consensus.Hosted;
import io.panal.node.consensus.Introduction;
import io.panal.node.consensus.Member;
import io.panal.node.consensus.ReplicatedState;
import io.panal.node.consensus.Retention;
import io.panal.node.consensus.SecurePort;
import io.panal.node.consensus.Submission;
import io.panal.node.identity.Authority;
import io.panal.node.identity.CertificateFiles;
import io.panal.node.identity.Credentials;
import io.panal.node.identity.Identity;
import io.panal.node.identity.JoinToken;
import io.panal.node.identity.NodeName;
import io.panal.node.identity.Pem;
import io.panal.node.identity.Role;
import io.panal.node.identity.SealingKey;
import io.panal.node.identity.SigningRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkTest {
    private static final String CLUSTER = "linkcluster";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private final Authority authority = Authority.create(Instant.now());
    private final JoinToken workerToken = JoinToken.create(authority.certificate(), new SecureRandom());
    private final AtomicInteger admitted = new AtomicInteger();
    private final List<Manager> managers = new ArrayList<>();
    private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();
    private Manager first;

    @BeforeEach
    void startManager() throws Exception {
        first = new Manager("m1");
        first.consensus = Consensus.bootstrap(first.settings(), first.hosted(), first.port());
        first.links.serve(first.consensus);
        await("the first leader", first.consensus::isLeader);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable closing : open) {
            closing.close();
        }
        for (Manager manager : managers) {
            manager.links.close();
            if (manager.consensus != null) {
                manager.consensus.close();
            }
        }
    }

    private Identity identity(String id, Role role) throws IOException {
        KeyPair key = SigningRequest.newKey();
        var certificate = authority.issue(
                SigningRequest.read(SigningRequest.text(key)).orElseThrow(),
                new NodeName(id, role, CLUSTER),
                Instant.now(),
                Authority.NODE_VALIDITY);
        return new Identity(
                Credentials.of(key.getPrivate(), Pem.text(List.of(certificate)), authority.certificateText()));
    }

    /// A manager with its services; a follower sends everything to the leader.
    private final class Manager implements Enrollment, ManagerServices, ReplicatedState, ConsensusListener {
        final String id;
        final Identity identity;
        final SealingKey diskKey = SealingKey.fresh();
        final LinkServer links = new LinkServer(this, this);
        final List<String> heard = new CopyOnWriteArrayList<>();
        final List<NodeSession> sessions = new CopyOnWriteArrayList<>();
        final List<String> entries = new CopyOnWriteArrayList<>();
        volatile long term;
        int portNumber;
        Consensus consensus;

        Manager(String id) throws IOException {
            this.id = id;
            identity = identity(id, Role.MANAGER);
            portNumber = freePort();
            managers.add(this);
        }

        String address() {
            return "127.0.0.1:" + portNumber;
        }

        ConsensusSettings settings() {
            return new ConsensusSettings(
                    id,
                    CLUSTER,
                    new InetSocketAddress("127.0.0.1", portNumber),
                    address(),
                    directory.resolve(id),
                    diskKey,
                    Retention.DEFAULT);
        }

        Hosted hosted() {
            return new Hosted(this, this);
        }

        SecurePort port() {
            return new SecurePort(identity, links);
        }

        @Override
        public void outcast() {
            heard.add("outcast");
        }

        @Override
        public List<X509Certificate> roots() {
            return List.of(authority.certificate());
        }

        @Override
        public Verdict enroll(Applicant applicant) {
            if (!consensus.isLeader()) {
                return new Verdict.Elsewhere(consensus.leaderAddress().orElseThrow());
            }
            if (JoinToken.parse(applicant.token()).filter(workerToken::sameAs).isEmpty()) {
                return new Verdict.Refused("A valid join token is necessary to join this cluster");
            }
            var name = new NodeName("worker" + admitted.incrementAndGet(), Role.WORKER, CLUSTER);
            return new Verdict.Admitted(authority, name, Duration.ofDays(1), roots());
        }

        @Override
        public Verdict renew(NodeName peer) {
            var name = new NodeName(peer.nodeId(), Role.MANAGER, CLUSTER);
            return new Verdict.Admitted(authority, name, Duration.ofDays(2), roots());
        }

        @Override
        public Reception sessionOpened(NodeSession session) {
            if (!consensus.isLeader()) {
                return consensus
                        .leaderAddress()
                        .<Reception>map(Reception.Elsewhere::new)
                        .orElse(new Reception.Refused("no leader"));
            }
            sessions.add(session);
            heard.add("opened " + session.peer().nodeId());
            return new Reception.Accepted();
        }

        @Override
        public void sessionMessage(NodeSession session, byte[] message) {
            heard.add(text(message));
            session.send(bytes("you said " + text(message)));
        }

        @Override
        public void sessionClosed(NodeSession session, String why) {
            sessions.remove(session);
            heard.add("closed " + session.peer().nodeId());
        }

        @Override
        public Optional<byte[]> forwarded(NodeName peer, byte[] request, Duration left) {
            return consensus.isLeader()
                    ? Optional.of(bytes(id + " answers " + text(request) + " of " + peer.nodeId() + " within "
                            + (left.toSeconds() + 1)))
                    : Optional.empty();
        }

        @Override
        public Optional<String> refusalToJoin(NodeName peer) {
            return peer.nodeId().equals("stranger") ? Optional.of("node stranger was removed") : Optional.empty();
        }

        @Override
        public void apply(long entryTerm, long index, byte[] entry) {
            entries.add(text(entry));
        }

        @Override
        public void snapshot(OutputStream to) {}

        @Override
        public void restore(InputStream from, long index) {}

        @Override
        public void leadershipGained(long gained) {
            term = gained;
        }

        @Override
        public void leadershipLost() {}

        @Override
        public void leaderChanged(Optional<String> nodeId) {}

        @Override
        public void membersChanged(List<Member> members) {}

        @Override
        public void removed() {}

        @Override
        public void strangerCalled() {}

        @Override
        public void halted(String why) {
            failed(why);
        }

        @Override
        public void failed(String why) {}
    }

    private static final class Agent implements NodeServices {
        final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        public void connected(String manager) {
            heard.add("connected " + manager);
        }

        @Override
        public void message(byte[] message) {
            heard.add(text(message));
        }

        @Override
        public void disconnected(String why) {
            heard.add("disconnected");
        }

        @Override
        public void streamOpened(String kind, byte[] request, ByteStream stream) {
            // Sends as many lines as asked for and is done, or counts what it reads until the manager ends its side,
            // and
            // says so afterwards.
            try {
                if (kind.equals("lines")) {
                    for (int i = 0; i < Integer.parseInt(text(request)); i++) {
                        stream.send(bytes("line " + i));
                    }
                    stream.end();
                    return;
                }
                stream.send(bytes(kind + " " + text(request)));
                int count = 0;
                while (stream.receive().isPresent()) {
                    count++;
                }
                stream.send(bytes("read " + count));
                stream.end();
            } catch (IOException e) {
                heard.add("stream broke");
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        Instant deadline = Instant.now().plus(LIMIT);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("still waiting for " + what);
            }
            Thread.sleep(20);
        }
    }

    private Identity worker() throws InterruptedException {
        return switch (Joining.join(first.address(), SigningRequest.newKey(), workerToken, "", LIMIT)) {
            case Joining.Joined.Admitted(Credentials credentials) -> new Identity(credentials);
            case Joining.Joined.Refused(String why) -> throw new AssertionError(why);
            case Joining.Joined.Unanswered(String why) -> throw new AssertionError(why);
        };
    }

    /// Repeats while nobody has looked at the request, as a caller must.
    private static Optional<byte[]> forwarded(ManagerLinks calls, String leader) throws Exception {
        Instant deadline = Instant.now().plus(LIMIT);
        Optional<byte[]> answer = Optional.empty();
        while (answer.isEmpty() && Instant.now().isBefore(deadline)) {
            answer = calls.forward(leader, bytes("q"), Duration.ofSeconds(9));
        }
        return answer;
    }

    private Agent connect(Identity identity, List<String> addresses) {
        return connect(identity, addresses, UnaryOperator.identity());
    }

    private Agent connect(Identity identity, List<String> addresses, UnaryOperator<String> way) {
        var agent = new Agent();
        var link = new NodeLink(identity, () -> addresses, way, agent);
        open.add(link);
        link.start();
        links.add(link);
        return agent;
    }

    private final List<NodeLink> links = new ArrayList<>();

    private Manager joinManager(String id) throws Exception {
        var manager = new Manager(id);
        var calls = new ManagerLinks(manager.identity);
        open.add(calls);
        Introduction introduction = calls.introduce(first.address(), LIMIT);
        manager.consensus = Consensus.join(manager.settings(), introduction, manager.hosted(), manager.port());
        manager.links.serve(manager.consensus);
        calls.join(first.address(), manager.consensus.self(), Duration.ofSeconds(30));
        return manager;
    }

    @Test
    void aTokenGivesACertificateAndAWrongOneAReason() throws Exception {
        assertThat(worker().name()).isEqualTo(new NodeName("worker1", Role.WORKER, CLUSTER));

        var otherSecret = JoinToken.create(authority.certificate(), new SecureRandom());
        assertThat(Joining.join(first.address(), SigningRequest.newKey(), otherSecret, "", LIMIT))
                .isEqualTo(new Joining.Joined.Refused("A valid join token is necessary to join this cluster"));

        var otherSwarm = JoinToken.create(Authority.create(Instant.now()).certificate(), new SecureRandom());
        assertThat(Joining.join(first.address(), SigningRequest.newKey(), otherSwarm, "", LIMIT))
                .isInstanceOfSatisfying(
                        Joining.Joined.Refused.class,
                        refused -> assertThat(refused.why()).contains("does not match fingerprint"));

        assertThat(Joining.join(
                        "127.0.0.1:" + freePort(), SigningRequest.newKey(), workerToken, "", Duration.ofMillis(500)))
                .isInstanceOf(Joining.Joined.Unanswered.class);
    }

    @Test
    void aRenewedCertificateMayHaveAnotherRole() throws Exception {
        Identity worker = worker();
        Joining.Joined renewed = Joining.renew(first.address(), worker, LIMIT);
        assertThat(renewed)
                .isInstanceOfSatisfying(
                        Joining.Joined.Admitted.class,
                        admission -> assertThat(admission.credentials().name())
                                .isEqualTo(new NodeName("worker1", Role.MANAGER, CLUSTER)));
    }

    @Test
    void aNodeToldOfItsNewRoleFetchesTheCertificateAndKeepsIt() throws Exception {
        Identity worker = worker();
        var files = new CertificateFiles(directory.resolve("certificates"));
        List<Role> roles = new CopyOnWriteArrayList<>();
        var renewals = new Renewals(worker, files, () -> List.of(first.address()), roles::add);
        open.add(renewals);
        renewals.start().atOnce();
        await("the role", () -> roles.equals(List.of(Role.MANAGER)));
        assertThat(worker.name().role()).isEqualTo(Role.MANAGER);
        assertThat(files.load()).contains(worker.credentials());
    }

    @Test
    void aCertificateIsRenewedLongBeforeItsEndWithoutBeingAskedFor() throws Exception {
        KeyPair key = SigningRequest.newKey();
        X509Certificate brief = authority.issue(
                new SigningRequest(key.getPublic()),
                new NodeName("worker1", Role.WORKER, CLUSTER),
                Instant.now(),
                Duration.ofSeconds(8));
        var worker =
                new Identity(Credentials.of(key.getPrivate(), Pem.text(List.of(brief)), authority.certificateText()));
        var renewals = new Renewals(
                worker, new CertificateFiles(directory.resolve("brief")), () -> List.of(first.address()), _ -> {});
        open.add(renewals);

        renewals.start();

        await("the next certificate", () -> !worker.credentials().certificate().equals(brief));
        assertThat(Instant.now()).isBefore(brief.getNotAfter().toInstant());
        assertThat(worker.credentials().certificate().getNotAfter()).isAfter(brief.getNotAfter());
    }

    /// As a manager's own node does when the others reach it by an address that is not on its host.
    @Test
    void aManagerIsDialledByTheWayThatLeadsToItFromHere() throws Exception {
        String advertised = "203.0.113.9:2377";
        Agent agent = connect(
                worker(), List.of(advertised), address -> address.equals(advertised) ? first.address() : address);

        await("the session", () -> agent.heard.contains("connected " + advertised));
    }

    @Test
    void aSessionCarriesMessagesBothWaysAndComesBackAfterItsEnd() throws Exception {
        Identity worker = worker();
        Agent agent = connect(worker, List.of(first.address()));
        await("the session", () -> first.heard.contains("opened worker1"));
        await("the news", () -> agent.heard.contains("connected " + first.address()));

        links.getFirst().send(bytes("hello"));
        await("the echo", () -> agent.heard.contains("you said hello"));

        first.sessions.getFirst().close("test");
        await(
                "the second session",
                () -> first.heard.stream().filter("opened worker1"::equals).count() == 2);
        worker.replace(((Joining.Joined.Admitted) Joining.renew(first.address(), worker, LIMIT)).credentials());
        await(
                "a session with the new certificate",
                () -> first.sessions.stream().anyMatch(session -> session.peer().role() == Role.MANAGER));
        assertThat(first.heard).contains("closed worker1");
    }

    @Test
    void aManagerOpensStreamsToANodeOverItsSession() throws Exception {
        connect(worker(), List.of(first.address()));
        await("the session", () -> !first.sessions.isEmpty());
        try (ByteStream stream = first.sessions.getFirst().open("exec", bytes("cat"))) {
            assertThat(stream.receive().map(LinkTest::text)).contains("exec cat");
            for (int i = 0; i < 5000; i++) {
                stream.send(new byte[1000]);
            }
            stream.end();
            assertThat(stream.receive().map(LinkTest::text)).contains("read 5000");
            assertThat(stream.receive()).isEmpty();
        }
    }

    @Test
    void whatANodeSendsBeforeItEndsAStreamArrivesWhole() throws Exception {
        connect(worker(), List.of(first.address()));
        await("the session", () -> !first.sessions.isEmpty());
        try (ByteStream stream = first.sessions.getFirst().open("lines", bytes("500"))) {
            int count = 0;
            while (stream.receive().isPresent()) {
                count++;
            }
            assertThat(count).isEqualTo(500);
        }
    }

    @Test
    void aWorkersCertificateOpensNoManagersDoor() throws Exception {
        var calls = new ManagerLinks(worker());
        open.add(calls);
        assertThatThrownBy(() -> calls.forward(first.address(), bytes("x"), LIMIT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("managers only");
        assertThatThrownBy(() -> calls.introduce(first.address(), Duration.ofMillis(100)))
                .hasMessageContaining("managers only");

        var stranger = new ManagerLinks(identity("stranger", Role.MANAGER));
        open.add(stranger);
        assertThatThrownBy(() -> stranger.introduce(first.address(), LIMIT)).hasMessage("node stranger was removed");
    }

    @Test
    void aSecondManagerJoinsForwardsAndSendsNodesToTheLeader() throws Exception {
        Manager second = joinManager("m2");
        assertThat(first.consensus.submit(first.term, bytes("x"))).isInstanceOf(Submission.Committed.class);
        await("the entry", () -> second.entries.equals(List.of("x")));

        var calls = new ManagerLinks(second.identity);
        open.add(calls);
        String leader = second.consensus.leaderAddress().orElseThrow();
        assertThat(forwarded(calls, leader).map(LinkTest::text)).contains("m1 answers q of m2 within 9");
        var back = new ManagerLinks(first.identity);
        open.add(back);
        assertThat(back.forward(second.address(), bytes("q"), LIMIT)).isEmpty();
        assertThat(forwarded(back, first.consensus.leaderAddress().orElseThrow()))
                .isPresent();

        Agent agent = connect(worker(), List.of(second.address()));
        await("the session at the leader", () -> !agent.heard.isEmpty());
        assertThat(agent.heard).containsExactly("connected " + first.address());
        assertThat(second.sessions).isEmpty();
    }

    @Test
    void whenTheLeaderDiesTheNewOneIsAskedInstead() throws Exception {
        Manager second = joinManager("m2");
        Manager third = joinManager("m3");
        var calls = new ManagerLinks(second.identity);
        open.add(calls);
        assertThat(forwarded(calls, first.address())).isPresent();
        first.consensus.close();
        Instant deadline = Instant.now().plus(LIMIT);
        Optional<byte[]> answer = Optional.empty();
        while (answer.isEmpty() && Instant.now().isBefore(deadline)) {
            Optional<String> leader = second.consensus.leaderAddress();
            if (leader.isPresent()) {
                answer = calls.forward(leader.get(), bytes("q"), LIMIT);
            }
            Thread.sleep(5);
        }
        assertThat(answer).isPresent();
        assertThat(second.consensus.isLeader() || third.consensus.isLeader()).isTrue();
    }

    @Test
    void aManagerThatComesBackIsReachedAtOnce() throws Exception {
        var calls = new ManagerLinks(identity("m9", Role.MANAGER));
        open.add(calls);
        assertThat(forwarded(calls, first.address())).isPresent();
        first.consensus.close();
        for (int i = 0; i < 8; i++) {
            assertThat(calls.forward(first.address(), bytes("q"), LIMIT)).isEmpty();
        }
        first.consensus = Consensus.restart(first.settings(), first.hosted(), first.port());
        await("the lead", first.consensus::isLeader);
        assertThat(forwarded(calls, first.address())).isPresent();
    }

    @Test
    void aManagerThatMovedTellsTheOthersWhereItIs() throws Exception {
        Manager second = joinManager("m2");
        joinManager("m3");
        second.consensus.close();
        second.portNumber = freePort();
        second.entries.clear();
        second.consensus = Consensus.restart(second.settings(), second.hosted(), second.port());
        second.links.serve(second.consensus);
        var calls = new ManagerLinks(second.identity);
        open.add(calls);
        calls.announce(second.consensus, () -> {});

        await(
                "the news at the leader",
                () -> first.consensus.members().stream()
                        .anyMatch(member -> member.address().equals(second.address())));
        assertThat(first.consensus.submit(first.term, bytes("moved"))).isInstanceOf(Submission.Committed.class);
        await("the entry", () -> second.entries.contains("moved"));
    }
}
