package io.panal.node.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.node.consensus.Cluster.MemberUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How often snapshots are taken, how many are kept, and what of the log stays on disk: changed while members run.
class RetentionTest {
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

    private static List<String> files(MemberUnderTest member, String pattern) {
        try (Stream<Path> all = Files.walk(member.directory.resolve("log"))) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches(pattern))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of("gone: " + e.getMessage());
        }
    }

    private static List<String> snapshots(MemberUnderTest member) {
        return files(member, "snapshot\\.\\d+_\\d+");
    }

    private static boolean holdsFirstSegment(MemberUnderTest member) {
        return !files(member, "log_0-\\d+").isEmpty()
                || files(member, "log_inprogress_0").size() == 1;
    }

    private void write(int entries, int bytes) throws InterruptedException {
        for (int i = 0; i < entries; i++) {
            cluster.write("%06d %s".formatted(i, "x".repeat(bytes)));
        }
    }

    @Test
    void aSnapshotIsTakenEverySoManyEntriesAndOldOnesAreKeptAsManyAsAreWanted() throws Exception {
        MemberUnderTest one = cluster.bootstrap("a");
        write(40, 10);
        assertThat(snapshots(one)).isEmpty();

        one.consensus.retain(new Retention(20, 2, 0));
        for (int round = 0; round < 5; round++) {
            write(20, 10);
        }
        Cluster.await("three snapshots", () -> snapshots(one).size() == 3);

        one.consensus.retain(new Retention(20, 0, 0));
        write(25, 10);
        Cluster.await("one snapshot", () -> snapshots(one).size() == 1);
        // One more may be under way, until its member ends.
        one.restartAfterClose();
        one.consensus.retain(new Retention(10_000, 0, 0));
        List<String> before = snapshots(one);
        write(50, 10);
        assertThat(snapshots(one)).isEqualTo(before);

        one.restartAfterClose();
        Cluster.await("the state", () -> one.state.all().size() == 40 + 100 + 25 + 50);
    }

    @Test
    void whatASnapshotHoldsIsPurgedFromTheDiskAndASlowMemberIsGivenTheSnapshot() throws Exception {
        MemberUnderTest a = cluster.bootstrap("a");
        cluster.join("b");
        MemberUnderTest slow = cluster.join("c");
        cluster.write("first");
        Cluster.await("the first", () -> slow.state.all().equals(List.of("first")));
        cluster.stop(slow);
        for (MemberUnderTest member : List.of(a, cluster.members.get("b"))) {
            member.consensus.retain(new Retention(40, 0, 2));
        }

        write(170, 60_000);
        Cluster.await("the purge", () -> !holdsFirstSegment(a));
        assertThat(snapshots(a)).hasSize(1);

        slow.restart();
        Cluster.await("the state", () -> slow.state.all().size() == 171);
        assertThat(snapshots(slow)).isNotEmpty();
        cluster.write("last");
        Cluster.await("the last", () -> slow.state.all().contains("last"));
    }

    @Test
    void entriesForSlowMembersStay() throws Exception {
        MemberUnderTest a = cluster.bootstrap("a");
        a.consensus.retain(new Retention(40, 0, 1000));
        MemberUnderTest slow = cluster.join("b");
        cluster.join("c");
        cluster.stop(slow);

        write(170, 60_000);
        Cluster.await("a snapshot", () -> !snapshots(a).isEmpty());
        assertThat(holdsFirstSegment(a)).isTrue();

        slow.restart();
        Cluster.await("the state", () -> slow.state.all().size() == 170);
    }
}
