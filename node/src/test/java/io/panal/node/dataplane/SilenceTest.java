package io.panal.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SilenceTest {
    private static final InetAddress FIRST = InetAddress.ofLiteral("192.168.66.101");
    private static final InetAddress SECOND = InetAddress.ofLiteral("192.168.66.102");
    private static final Set<InetAddress> BOTH = Set.of(FIRST, SECOND);

    private final Silence silence = new Silence();

    @Test
    void whoAnsweredAndThenNotThreeTimesIsSilentUntilTheNextAnswer() {
        silence.round(BOTH, BOTH);
        assertThat(silence.isDoubtful()).isFalse();
        silence.round(BOTH, Set.of(SECOND));
        assertThat(silence.isDoubtful()).isTrue();
        silence.round(BOTH, Set.of(SECOND));
        assertThat(silence.hosts()).isEmpty();
        silence.round(BOTH, Set.of(SECOND));
        assertThat(silence.hosts()).containsExactly(FIRST);
        assertThat(silence.isDoubtful()).isFalse();
        silence.round(BOTH, BOTH);
        assertThat(silence.hosts()).isEmpty();
    }

    @Test
    void nothingIsKnownOfOneThatNeverAnswered() {
        for (int round = 0; round < 10; round++) {
            silence.round(BOTH, Set.of(SECOND));
        }
        assertThat(silence.hosts()).isEmpty();
    }

    @Test
    void oneThatIsNoLongerAskedIsForgotten() {
        silence.round(BOTH, BOTH);
        silence.round(Set.of(SECOND), Set.of());
        silence.round(BOTH, Set.of());
        silence.round(BOTH, Set.of());
        assertThat(silence.hosts()).containsExactly(SECOND);
    }

    @Test
    void answersOfStrangersCountForNobody() {
        silence.round(Set.of(FIRST), BOTH);
        for (int round = 0; round < 3; round++) {
            silence.round(Set.of(FIRST), Set.of(SECOND));
        }
        assertThat(silence.hosts()).containsExactly(FIRST);
    }
}
