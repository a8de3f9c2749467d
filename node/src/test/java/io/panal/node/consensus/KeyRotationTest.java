package io.panal.node.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.node.consensus.Cluster.MemberUnderTest;
import io.panal.node.identity.SealingKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// New keys for what lies on disk, on real files.
class KeyRotationTest {
    private static final long PURPOSE = 7;

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

    private static DataKeys keys(MemberUnderTest member) {
        return member.consensus.introduction().keys();
    }

    private static List<Path> files(MemberUnderTest member, String pattern) {
        List<Path> found = new ArrayList<>();
        Cluster.await("a look at all files while none goes", () -> {
            found.clear();
            try (Stream<Path> all = Files.walk(member.directory.resolve("log"))) {
                all.filter(path -> path.getFileName().toString().matches(pattern))
                        .forEach(found::add);
                return true;
            } catch (IOException | UncheckedIOException gone) {
                return false;
            }
        });
        return found;
    }

    /// A file that goes while it is read counts as one that holds it: it is looked for again.
    private static boolean holds(MemberUnderTest member, String piece) {
        try {
            for (Path file : files(member, "(log_|snapshot).*")) {
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(piece)) {
                    return true;
                }
            }
            return false;
        } catch (IOException | UncheckedIOException e) {
            return true;
        }
    }

    /// A piece of what the first entries look like on this member's disk.
    private static String piece(MemberUnderTest member) throws IOException {
        byte[] content = Files.readAllBytes(files(member, "log_inprogress.*").getFirst());
        return new String(Arrays.copyOfRange(content, 1500, 1564), StandardCharsets.ISO_8859_1);
    }

    @Test
    void whatFormerKeysOpenGoesFromEveryDiskAndNothingIsLost() throws Exception {
        MemberUnderTest a = cluster.bootstrap("a");
        cluster.write("secret " + "x".repeat(8000));
        List<MemberUnderTest> all = List.of(a, cluster.join("b"), cluster.join("c"));
        all.forEach(
                member -> Cluster.await("the entry", () -> member.state.all().size() == 1));
        List<String> pieces = new ArrayList<>();
        for (MemberUnderTest member : all) {
            pieces.add(piece(member));
            assertThat(holds(member, pieces.getLast())).isTrue();
        }
        DataKeys former = DataKeys.decode(keys(a).encoded());

        all.forEach(member -> member.consensus.sealFor(PURPOSE));

        for (int i = 0; i < all.size(); i++) {
            MemberUnderTest member = all.get(i);
            String piece = pieces.get(i);
            Cluster.await("settled keys", () -> keys(member).settled() == 2);
            Cluster.await("the purge", () -> !holds(member, piece));
            byte[] content =
                    Files.readAllBytes(files(member, "snapshot\\.\\d+_\\d+").getFirst());
            assertThatThrownBy(() -> new SealedInput(former, new ByteArrayInputStream(content)).readAllBytes())
                    .hasMessageContaining("data key 2, which this node does not hold");
        }
        cluster.write("later");
        for (MemberUnderTest member : all) {
            Cluster.await("the later entry", () -> member.state.all().size() == 2);
            member.restartAfterClose();
            member.consensus.sealFor(PURPOSE);
        }
        cluster.write("last");
        MemberUnderTest fresh = cluster.join("d");
        Cluster.await("the entries", () -> fresh.state.all().size() == 3);
        assertThat(keys(fresh).newest()).isEqualTo(2);
    }

    @Test
    void aMemberThatIsAwayHearsOfAKeyBeforeItIsUsed() throws Exception {
        MemberUnderTest a = cluster.bootstrap("a");
        MemberUnderTest b = cluster.join("b");
        MemberUnderTest away = cluster.join("c");
        cluster.write("first");
        Cluster.await("the entry", () -> away.state.all().size() == 1);
        cluster.stop(away);

        a.consensus.sealFor(PURPOSE);
        Cluster.await("the news", () -> keys(b).newest() == 2);
        cluster.write("meanwhile");
        assertThat(keys(a).used()).isOne();

        away.restart();
        for (MemberUnderTest member : List.of(a, b, away)) {
            Cluster.await("settled keys", () -> keys(member).settled() == 2);
            assertThat(member.state.all()).containsExactly("first", "meanwhile");
        }
    }

    @Test
    void theNextLeaderGoesOnWithAChangeOfKeys() throws Exception {
        cluster.bootstrap("a");
        cluster.join("b");
        cluster.join("c");
        List<MemberUnderTest> all = List.copyOf(cluster.members.values());
        all.forEach(member -> member.consensus.sealFor(PURPOSE));
        MemberUnderTest leader = cluster.leader();
        Cluster.await("the first step", () -> keys(leader).newest() == 2);
        cluster.stop(leader);
        cluster.write("by another");

        leader.restart();
        leader.consensus.sealFor(PURPOSE);
        for (MemberUnderTest member : all) {
            Cluster.await("settled keys", () -> keys(member).settled() == 2);
            Cluster.await("the entry", () -> member.state.all().contains("by another"));
        }
    }

    private ConsensusSettings settings(SealingKey diskKey) {
        return new ConsensusSettings(
                "n", "c", new InetSocketAddress("127.0.0.1", 1), "x:1", directory, diskKey, Retention.DEFAULT);
    }

    @Test
    void aCrashWhileTheDiskKeyChangesLeavesTheDataKeysReadable() throws Exception {
        SealingKey first = SealingKey.fresh();
        SealingKey second = SealingKey.fresh();
        KeyRing ring = KeyRing.begin(settings(first), DataKeys.create());

        crash(ring, second);
        KeyRing unchanged = KeyRing.load(settings(first));
        assertThat(unchanged.keys().encoded()).isEqualTo(ring.keys().encoded());

        // The same files, had the crash come right after the change.
        crash(unchanged, second);
        KeyRing changed = KeyRing.load(settings(second));
        assertThat(changed.keys().encoded()).isEqualTo(ring.keys().encoded());
        assertThatThrownBy(() -> KeyRing.load(settings(first))).isInstanceOf(IOException.class);

        changed.change(keys -> keys.knowing(2, SealingKey.fresh(), PURPOSE));
        assertThat(KeyRing.load(settings(second)).keys().newest()).isEqualTo(2);
    }

    private static void crash(KeyRing ring, SealingKey next) {
        assertThatThrownBy(() -> ring.move(next, () -> {
                    throw new IOException("crash");
                }))
                .hasMessage("crash");
    }

    @Test
    void keysOfFormerVersionsAreRead() throws Exception {
        byte[] former = new byte[1 + Integer.BYTES + SealingKey.BYTES];
        former[0] = 1;
        former[4] = 1;

        assertThat(DataKeys.decode(former).used()).isOne();
    }
}
