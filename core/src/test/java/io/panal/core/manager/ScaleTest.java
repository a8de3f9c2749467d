package io.panal.core.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.manager.turn.Limits;
import io.panal.core.model.Id;
import io.panal.core.model.Service;
import org.junit.jupiter.api.Test;

class ScaleTest {
    @Test
    void tenThousandTasksFindFiveHundredNodesInOneTurn() {
        FakeCluster cluster = FakeCluster.of(499, new Manager(Limits.DEFAULT.batching(20_000)));
        int turns = cluster.log.size();

        Id<Service> web = cluster.create(FakeCluster.replicated("web", 10_000, "web:1"));

        assertThat(cluster.log).hasSize(turns + 1);
        assertThat(cluster.live(web)).hasSize(10_000);
        assertThat(cluster.view.nodes().all())
                .allMatch(node -> cluster.view.tasksOn(node.id()).size() == 20);
    }
}
