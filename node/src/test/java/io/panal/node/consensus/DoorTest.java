package io.panal.node.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DoorTest {
    private static final Optional<String> NO_LEADER = Optional.empty();

    private Instant now = Instant.EPOCH;
    private int questions;
    private final Door door = new Door(() -> now, node -> node.equals("former"), () -> questions++);

    private static Door.Known known(Optional<String> leader, String... nodes) {
        return new Door.Known(10, Set.of(nodes), nodes.length, leader);
    }

    private void pass(Duration duration) {
        now = now.plus(duration);
    }

    @Test
    void whoIsJoiningHearsAnyManager() {
        assertThat(door.admits("any", known(NO_LEADER))).isTrue();
    }

    @Test
    void membersAreLetInAndOthersAreNotWhileALeaderIsKnown() {
        var healthy = known(Optional.of("b"), "a", "b", "c");

        assertThat(door.admits("b", healthy)).isTrue();
        assertThat(door.admits("former", healthy)).isFalse();
        assertThat(door.admits("new", healthy)).isFalse();
        assertThat(questions).isZero();
    }

    @Test
    void oneOfTwoMembersNeedsToAskNobody() {
        assertThat(door.admits("new", known(NO_LEADER, "a", "b"))).isFalse();
        assertThat(questions).isZero();
    }

    @Test
    void aLeaderThatTookItselfOutIsHeardForAMomentOnly() {
        var left = known(Optional.of("a"), "b", "c");

        assertThat(door.admits("a", left)).isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(door.admits("a", left)).isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(door.admits("a", left)).isFalse();
    }

    @Test
    void whoeverTheNewerMembersNameIsLetInUntilTheLogSaysSoItself() {
        var behind = known(NO_LEADER, "a", "b", "c");
        assertThat(door.admits("new", behind)).isFalse();
        assertThat(questions).isOne();

        door.hear(new Membership(12, List.of("a.1", "c.1", "new.1")));

        assertThat(door.admits("new", behind)).isTrue();
        assertThat(door.admits("other", behind)).isFalse();
        assertThat(door.admits("new", new Door.Known(12, Set.of("a", "b", "c"), 3, NO_LEADER)))
                .isFalse();
    }

    @Test
    void aFormerMemberIsNotLetInThoughNobodyAnswers() {
        var alone = known(NO_LEADER, "a", "b", "c");
        for (int second = 0; second < 20; second++) {
            assertThat(door.admits("former", alone)).isFalse();
            pass(Duration.ofSeconds(1));
        }
        assertThat(questions).isEqualTo(20);
    }

    @Test
    void aNodeNeverSeenIsLetInOnceNobodyAnswers() {
        var alone = known(NO_LEADER, "a", "b", "c");
        assertThat(door.admits("new", alone)).isFalse();
        pass(Duration.ofSeconds(6));
        assertThat(door.admits("new", alone)).isTrue();

        door.hear(new Membership(10, List.of("a.1", "b.1", "c.1")));
        assertThat(door.admits("new", alone)).isFalse();
    }
}
