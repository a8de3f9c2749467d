package io.panal.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.codec.Codec;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.Revision;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901234Z");
    private static final Id<Service> SERVICE = new Id<>("service1");

    private static Task task(String id, int slot) {
        return Task.created(
                new Id<>(id), new Task.Origin(SERVICE, slot, new Id<Revision>("r1"), 0), TaskState.RUNNING, NOW);
    }

    private static View viewOf(Change... changes) {
        return View.EMPTY.after(new Batch(NOW, List.of(changes)));
    }

    @Test
    void eachChangeIsOneTickOfTheClusterWideCounter() {
        View view = viewOf(new Change.Put(task("a", 1)), new Change.Put(task("b", 2)));

        assertThat(view.version()).isEqualTo(2);
        assertThat(view.tasks().require(new Id<>("b")).meta().version().index()).isEqualTo(2);
        assertThat(view.tasks().require(new Id<>("b")).meta().createdAt()).isEqualTo(NOW);
    }

    @Test
    void anIndexFollowsWhatChanges() {
        Id<Node> node = new Id<>("node1");
        View before = viewOf(new Change.Put(task("a", 1)));
        View after =
                before.after(new Batch(NOW, List.of(new Change.Put(task("a", 1).assignedTo(node, NOW)))));

        assertThat(before.tasksOn(node)).isEmpty();
        assertThat(after.tasksOn(node)).hasSize(1);
        assertThat(after.tasksOf(SERVICE)).hasSize(1);
        assertThat(after.after(new Batch(NOW, List.of(new Change.Delete("task", "a"))))
                        .tasksOf(SERVICE))
                .isEmpty();
    }

    @Test
    void aBatchAndASnapshotComeBackFromTheirBytes() {
        Batch batch = new Batch(
                NOW,
                List.of(new Change.Put(task("a", 1)), new Change.Put(task("b", 2)), new Change.Delete("task", "a")));
        View view = View.EMPTY.after(Codec.BINARY.read(Codec.BINARY.write(batch), Batch.class));

        View restored = Snapshot.read(Snapshot.write(view));

        assertThat(restored.version()).isEqualTo(3);
        assertThat(restored.tasks().all())
                .containsExactlyElementsOf(view.tasks().all());
        assertThat(Snapshot.write(restored)).isEqualTo(Snapshot.write(view));
    }
}
