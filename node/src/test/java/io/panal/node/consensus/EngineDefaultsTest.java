package io.panal.node.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.util.Daemon;
import org.junit.jupiter.api.Test;

class EngineDefaultsTest {
    private static final RaftPeerId MEMBER = RaftPeerId.valueOf("enginedefaults1.abc");
    private static final RaftPeerId OTHER = RaftPeerId.valueOf("enginedefaults2.def");

    @Test
    void aThreadThatEndsBreaksItsOwnMemberUntilThatBeginsAnew() throws InterruptedException {
        EngineDefaults.use();
        Thread thread = Daemon.newBuilder()
                .setName(MEMBER + "@group-1-LeaderStateImpl")
                .setRunnable(() -> {
                    throw new IllegalStateException("closed meanwhile");
                })
                .build();
        thread.start();
        thread.join();

        assertThat(EngineDefaults.hasGivenUp(MEMBER)).isTrue();
        assertThat(EngineDefaults.hasGivenUp(OTHER)).isFalse();

        EngineDefaults.begin(MEMBER);
        assertThat(EngineDefaults.hasGivenUp(MEMBER)).isFalse();
    }
}
