package io.panal.core.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.manager.control.Repetition;
import io.panal.core.model.Config;
import io.panal.core.model.Id;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RepetitionTest {
    private static final Id<Config> ID = new Id<>("cfgid");

    private final FakeCluster cluster = FakeCluster.of(1);

    private static Command.CreateConfig create(String id) {
        return new Command.CreateConfig(new Id<>(id), new Config.ConfigSpec("cfg", Map.of(), "QQ==", Optional.empty()));
    }

    private Answer again(Command command) {
        assertThat(Repetition.isHarmless(command)).isTrue();
        Answer last = cluster.ask(command);
        return Repetition.settled(command, last, cluster.view);
    }

    @Test
    void whatTheFirstAttemptHasMadeIsMadeOnce() {
        Answer first = cluster.ask(create("cfgid"));
        assertThat(first).isInstanceOf(Answer.Done.class);
        assertThat(again(create("cfgid")))
                .isInstanceOfSatisfying(
                        Answer.Done.class, done -> assertThat(done.id()).isEqualTo("cfgid"));
        assertThat(cluster.view.configs().all()).hasSize(1);
    }

    @Test
    void aNameThatSomebodyElseHasTakenIsTaken() {
        cluster.ask(create("other"));
        assertThat(again(create("cfgid"))).isInstanceOf(Answer.Conflict.class);
    }

    @Test
    void whatTheFirstAttemptHasRemovedIsRemoved() {
        cluster.ask(create("cfgid"));
        cluster.ask(new Command.RemoveConfig(ID));
        assertThat(again(new Command.RemoveConfig(ID)))
                .isEqualTo(new Answer.Done("cfgid", cluster.view.version(), List.of()));
    }

    @Test
    void whatTheFirstAttemptHasChangedIsChangedUnlessAnotherHasChangedItSince() {
        cluster.ask(create("cfgid"));
        var change = new Command.UpdateConfig(ID, version(), Map.of("colour", "blue"));
        cluster.ask(change);
        long changed = version();
        assertThat(again(change)).isEqualTo(new Answer.Done("cfgid", changed, List.of()));

        cluster.ask(new Command.UpdateConfig(ID, changed, Map.of("colour", "red")));
        assertThat(again(change)).isInstanceOf(Answer.OutOfSequence.class);
    }

    private long version() {
        return cluster.view.configs().find(ID).orElseThrow().meta().version().index();
    }
}
