package io.panal.node.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.node.consensus.Cluster.MemberUnderTest;
import io.panal.node.identity.Authority;
import io.panal.node.identity.Identity;
import io.panal.node.identity.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsensusTest {
    @TempDir
    private Path directory;

    private Cluster cluster;

    @BeforeEach
    void makeCluster() {
        cluster = new Cluster(directory);
    }

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aMemberAloneLeadsAndKeepsItsLogOverARestart() throws Exception {
        MemberUnderTest one = cluster.bootstrap("a");
        cluster.write("x");
        cluster.write("y");
        assertThat(one.consensus.readBarrier(Duration.ofSeconds(5))).isTrue();
        assertThat(one.state.all()).containsExactly("x", "y");
        cluster.stop(one);

        Instant begun = Instant.now();
        one.restart();
        Cluster.await("the lead", one.consensus::isLeader);
        System.getLogger("test")
                .log(System.Logger.Level.INFO, "restart took " + Duration.between(begun, Instant.now()));

        assertThat(one.state.all()).containsExactly("x", "y");
        cluster.write("z");
        assertThat(one.state.all()).containsExactly("x", "y", "z");
    }

    @Test
    void nothingOfTheEngineLooksWhetherTheVirtualMachinePaused() throws Exception {
        cluster.bootstrap("one");

        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("JvmPauseMonitor"));
    }

    @Test
    void heartbeatsComeOnceASecondAtMost() throws Exception {
        var properties = RatisSettings.properties(cluster.bootstrap("one").settings());

        assertThat(RaftServerConfigKeys.Rpc.timeoutMin(properties).toLong(TimeUnit.MILLISECONDS) / 2)
                .isGreaterThanOrEqualTo(1000);
    }

    @Test
    void aMemberStopsBeforeItsDiskIsFullAndGoesOnWhenThereIsRoom() throws Exception {
        Path disk = Files.createDirectories(directory.resolve("a"));
        host("mount", "-t", "tmpfs", "-o", "size=120m", "disk", disk.toString());
        try {
            MemberUnderTest one = cluster.bootstrap("a");
            cluster.write("x");
            Path other = disk.resolve("other");
            Files.write(other, new byte[70 << 20]);

            Cluster.await(
                    "its stop",
                    () -> one.events.stream().anyMatch(event -> event.matches("halted the disk of .* is full: .*")));
            assertThatThrownBy(one::restartAfterClose)
                    .isInstanceOf(DiskFullException.class)
                    .hasMessageMatching("the disk of .* is full: .* MiB free, the swarm's log needs 48 MiB");

            Files.delete(other);
            one.restart();
            Cluster.await("the lead", one.consensus::isLeader);
            assertThat(one.state.all()).containsExactly("x");
            cluster.write("y");
            cluster.stop(one);
        } finally {
            host("umount", "-l", disk.toString());
        }
    }

    private static void host(String... words) throws Exception {
        assertThat(new ProcessBuilder(words).inheritIO().start().waitFor()).isZero();
    }

    @Test
    void nothingWrittenIsReadableOnDisk() throws Exception {
        MemberUnderTest one = cluster.bootstrap("a");
        cluster.write("very-secret-password");
        cluster.stop(one);
        try (Stream<Path> files = Files.walk(one.directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .doesNotContain("very-secret");
            }
        }
    }

    @Test
    void anEntryOfAnOtherTermIsNotTaken() throws Exception {
        MemberUnderTest one = cluster.bootstrap("a");
        assertThat(one.consensus.submit(one.term + 1, bytes("x"))).isInstanceOf(Submission.NotLeader.class);
        assertThat(one.consensus.submit(one.term, new byte[Consensus.ENTRY_BYTES_MAX + 1]))
                .isEqualTo(new Submission.TooLarge(Consensus.ENTRY_BYTES_MAX + 1));
        assertThat(one.consensus.submit(one.term, new byte[Consensus.ENTRY_BYTES_MAX]))
                .isInstanceOf(Submission.Committed.class);
    }

    @Test
    void threeMembersReplaceAKilledLeaderAndTakeItBackWithAnotherPort() throws Exception {
        MemberUnderTest a = cluster.bootstrap("a");
        cluster.write("1");
        MemberUnderTest b = cluster.join("b");
        MemberUnderTest c = cluster.join("c");
        cluster.write("2");
        for (MemberUnderTest member : List.of(a, b, c)) {
            Cluster.await("the entries", () -> member.state.all().equals(List.of("1", "2")));
            Cluster.await("the members", () -> member.consensus.members().size() == 3);
            Cluster.await("the leader", () -> member.consensus.leaderAddress().isPresent());
        }
        assertThat(b.consensus.submit(1, bytes("no"))).isInstanceOf(Submission.NotLeader.class);

        cluster.stop(a);
        Instant killed = Instant.now();
        cluster.write("3");
        System.getLogger("test")
                .log(System.Logger.Level.INFO, "leader replaced in " + Duration.between(killed, Instant.now()));
        assertThat(cluster.leader()).isNotSameAs(a);

        a.port = Cluster.freePort();
        a.restart();
        for (MemberUnderTest other : List.of(b, c)) {
            other.consensus.learnAddress(a.nodeId, "127.0.0.1:" + a.port);
        }
        Cluster.await("the moved member", () -> a.state.all().equals(List.of("1", "2", "3")));
    }

    @Test
    void theLeadIsHandedOnAndTheLeaderItselfCanBeRemoved() throws Exception {
        MemberUnderTest a = cluster.bootstrap("a");
        MemberUnderTest b = cluster.join("b");
        MemberUnderTest c = cluster.join("c");

        a.consensus.transfer(b.nodeId);
        Cluster.await("the new leader", b.consensus::isLeader);
        Cluster.await("the news", () -> a.events.contains("lost"));

        assertThat(b.consensus.removeMember(b.nodeId)).isEqualTo(new Change.Done());
        Cluster.await("the removal", () -> b.events.contains("removed"));
        cluster.stop(b);
        cluster.write("after");
        assertThat(cluster.leader().consensus.members()).hasSize(2);

        Consensus.erase(b.directory);
        MemberUnderTest leader = cluster.leader();
        b.consensus = Consensus.join(b.settings(), leader.consensus.introduction(), b.hosted(), b.securePort());
        assertThat(leader.consensus.addMember(b.consensus.self())).isEqualTo(new Change.Done());
        Cluster.await("the entries", () -> b.state.all().equals(List.of("after")));
        assertThat(c.consensus.members()).hasSize(3);
    }

    @Test
    void aMemberFarBehindIsGivenASnapshot() throws Exception {
        MemberUnderTest a = cluster.bootstrap("a");
        MemberUnderTest b = cluster.join("b");
        cluster.join("c");
        cluster.stop(b);
        var last = new CountDownLatch(1);
        int entries = (int) Cluster.SNAPSHOT_ENTRIES + 1000;
        var window = new Semaphore(256);
        for (int i = 0; i < entries; i++) {
            window.acquire();
            int number = i;
            a.consensus.submit(a.term, bytes("entry " + number), outcome -> {
                window.release();
                if (number == entries - 1) {
                    last.countDown();
                }
            });
        }
        last.await();
        Cluster.await("a snapshot", () -> hasSnapshot(a.directory));

        b.restart();
        Cluster.await("the entries", () -> b.state.all().size() == entries);
        assertThat(b.state.all()).isEqualTo(a.state.all());
        b.restartAfterClose();
        Cluster.await("the entries again", () -> b.state.all().size() == entries);
    }

    private static boolean hasSnapshot(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.anyMatch(file -> file.getFileName().toString().matches("snapshot\\.\\d+_\\d+\\.md5"));
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aMemberThatCannotApplySaysSoAndStops() throws Exception {
        MemberUnderTest a = cluster.bootstrap("a");
        a.state.fails = true;
        a.consensus.submit(a.term, bytes("x"), _ -> {});
        Cluster.await("the failure", () -> a.events.stream().anyMatch(event -> event.startsWith("failed")));
        assertThat(a.events).contains("lost");
    }

    @Test
    void oneSurvivorGoesOnAloneAndTheFormerMajorityCannotHarmIt() throws Exception {
        cluster.bootstrap("a");
        cluster.join("b");
        cluster.join("c");
        cluster.write("before");
        var a = cluster.members.get("a");
        var b = cluster.members.get("b");
        var survivor = cluster.members.get("c");
        Cluster.await("the entry", () -> survivor.state.all().contains("before"));
        cluster.stop(a);
        cluster.stop(b);

        survivor.consensus.forsakeOthers();
        survivor.restart();
        Cluster.await("the survivor to lead", survivor.consensus::isLeader);
        cluster.write("after");
        assertThat(survivor.consensus.members()).extracting(Member::nodeId).containsExactly(survivor.nodeId);
        assertThat(survivor.state.all()).containsExactly("before", "after");

        a.restart();
        b.restart();
        Cluster.await("the former majority", () -> a.consensus.isLeader() || b.consensus.isLeader());
        assertThat(survivor.consensus.submit(survivor.term, "still".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Submission.Committed.class);
        assertThat(survivor.consensus.generation()).isEqualTo(2);
        assertThat(a.consensus.generation()).isEqualTo(1);

        cluster.stop(a);
        cluster.stop(b);
        survivor.restartAfterClose();
        Cluster.await("the survivor to lead again", survivor.consensus::isLeader);
        cluster.join("d");
        cluster.write("grown");
        var fresh = cluster.members.get("d");
        Cluster.await("the new member", () -> fresh.state.all().equals(List.of("before", "after", "still", "grown")));
    }

    @Test
    void withoutAMajorityThereIsNoLeader() throws Exception {
        MemberUnderTest a = cluster.bootstrap("a");
        MemberUnderTest b = cluster.join("b");
        cluster.stop(b);
        Cluster.await(
                "the loss",
                () -> a.events.contains("lost") && a.consensus.leader().isEmpty());
        assertThat(a.consensus.submit(a.term, bytes("x"))).isNotInstanceOf(Submission.Committed.class);
        b.restart();
        cluster.write("again");
    }

    @Test
    void aPortInUseIsAnErrorNotTheEndOfTheProcess() throws Exception {
        MemberUnderTest node = cluster.node("a", Role.MANAGER);
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), node.port));
            assertThatThrownBy(() -> Consensus.bootstrap(node.settings(), node.hosted(), node.securePort()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot be opened");
        }
    }

    @Test
    void aWorkersCertificateAndAForeignOneTakeNoPartInTheLog() throws Exception {
        MemberUnderTest a = cluster.bootstrap("a");
        for (Identity intruder : List.of(
                Cluster.identity(cluster.authority, "w", Role.WORKER),
                Cluster.identity(Authority.create(Instant.now()), "f", Role.MANAGER))) {
            var node = new MemberUnderTest("intruder", directory.resolve("intruder"), intruder);
            node.port = Cluster.freePort();
            Consensus.erase(node.directory);
            node.consensus =
                    Consensus.join(node.settings(), a.consensus.introduction(), node.hosted(), node.securePort());
            try {
                var change = new FutureTask<>(() -> a.consensus.addMember(node.consensus.self()));
                Thread.ofVirtual().start(change);
                assertThatThrownBy(() -> change.get(2, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
                assertThat(node.consensus.members()).isEmpty();
                assertThat(node.events).noneMatch(event -> event.startsWith("failed"));
            } finally {
                node.consensus.close();
            }
        }
    }
}
