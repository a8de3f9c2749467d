package io.panal.core.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.agent.Assignment;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A task that is to end goes on until no node sends it new connections any more.
class HandoverTest {
    private static final String PORT = ", \"EndpointSpec\": {\"Ports\": [{\"TargetPort\": 80}]}";

    private final FakeCluster cluster = FakeCluster.of(3);
    private final Id<Service> web = cluster.create(FakeCluster.replicated("web", 4, "web:1", PORT));
    private final FakeNode silent = node("node1");

    private FakeNode node(String id) {
        return cluster.nodes.get(new Id<>(id));
    }

    private void scaleDown() {
        scaleDown(3);
    }

    private void scaleDown(int replicas) {
        cluster.settle();
        assertThat(cluster.running(web)).hasSize(4);
        cluster.update(web, FakeCluster.replicated("web", replicas, "web:1", PORT));
        cluster.settle();
    }

    /// The tasks that are to end and that their nodes, if they listen, are still told to run.
    private List<Task> kept() {
        return cluster.view.tasksOf(web).stream()
                .filter(task -> !task.isWanted() && nodeOf(task).isUp && told(task) == TaskState.RUNNING)
                .toList();
    }

    private FakeNode nodeOf(Task task) {
        return node(task.nodeId().orElseThrow().value());
    }

    private TaskState told(Task task) {
        return nodeOf(task).told.orElseThrow().tasks().stream()
                .filter(order -> order.task().equals(task.id()))
                .map(Assignment::desired)
                .findFirst()
                .orElse(TaskState.REMOVE);
    }

    private void acknowledge(FakeNode node) {
        long generation = node.told.orElseThrow().generation();
        cluster.hear(new ManagerEvent.Connected(node.id, node.session, generation));
        cluster.settle();
    }

    @Test
    void anOldTaskEndsSoonAfterAllNodesHaveAcknowledged() {
        scaleDown();

        cluster.advance(Duration.ofSeconds(1));

        assertThat(kept()).isEmpty();
        assertThat(cluster.view.tasksOf(web)).hasSize(3);
    }

    @Test
    void anOldTaskGoesOnUntilTheLastNodeAcknowledges() {
        cluster.settle();
        silent.acknowledges = false;
        scaleDown();
        cluster.advance(Duration.ofSeconds(3));
        assertThat(kept()).hasSize(1);

        acknowledge(silent);

        assertThat(kept()).isEmpty();
    }

    @Test
    void anAcknowledgementOfFormerOrdersIsNotEnough() {
        cluster.settle();
        silent.acknowledges = false;
        long former = silent.told.orElseThrow().generation();
        scaleDown();

        cluster.hear(new ManagerEvent.Connected(silent.id, silent.session, former));
        cluster.settle();

        assertThat(kept()).hasSize(1);
    }

    @Test
    void aNodeThatNeverAcknowledgesIsNotWaitedForLong() {
        cluster.settle();
        silent.acknowledges = false;
        scaleDown();

        cluster.advance(Duration.ofSeconds(6));

        assertThat(kept()).isEmpty();
        assertThat(cluster.view.tasksOf(web)).hasSize(3);
    }

    @Test
    void aNodeThatIsDownIsNotWaitedFor() {
        cluster.settle();
        silent.isUp = false;
        cluster.advance(Duration.ofSeconds(20));
        assertThat(cluster.view.nodes().require(silent.id).status().state()).isEqualTo(Node.State.DOWN);
        scaleDown(1);

        cluster.advance(Duration.ofSeconds(1));

        assertThat(kept()).isEmpty();
    }

    @Test
    void aNewLeaderWaitsForItsOwnAcknowledgements() {
        cluster.settle();
        silent.acknowledges = false;
        scaleDown();
        cluster.changeLeader();
        cluster.settle();
        assertThat(kept()).hasSize(1);

        acknowledge(node("node1"));

        assertThat(kept()).isEmpty();
    }
}
