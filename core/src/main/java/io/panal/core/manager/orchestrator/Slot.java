package io.panal.core.manager.orchestrator;

import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// One place of a service that at most one task fills, with those that filled it before: a number for replicas, a node
/// for global services.
///
/// @param tasks oldest first; never empty, none of them to be removed
/// @param wanted those of them that the leader has not given up: one, two during a start-first update, none when the
///     slot is finished
record Slot(Key key, List<Task> tasks, List<Task> wanted) {
    private static final Comparator<Task> BY_AGE = Comparator.<Task, java.time.Instant>comparing(
                    task -> task.meta().createdAt())
            .thenComparing(Task::id);

    /// @param number [Task.Origin#GLOBAL] for a global service
    /// @param node empty for a replicated one
    record Key(int number, String node) implements Comparable<Key> {
        static Key of(Task task) {
            return task.isGlobal()
                    ? new Key(
                            Task.Origin.GLOBAL,
                            task.nodeId().map(Id<Node>::value).orElse(""))
                    : new Key(task.origin().slot(), "");
        }

        /// Whether it is a node, of a global service.
        boolean isNode() {
            return number == Task.Origin.GLOBAL;
        }

        static Key on(Node node) {
            return new Key(Task.Origin.GLOBAL, node.id().value());
        }

        @Override
        public int compareTo(Key other) {
            int byNumber = Integer.compare(number, other.number);
            return byNumber != 0 ? byNumber : node.compareTo(other.node);
        }
    }

    private static Slot of(Key key, List<Task> tasks) {
        if (tasks.size() > 1) {
            tasks.sort(BY_AGE);
        }
        return new Slot(key, tasks, tasks.stream().filter(Task::isWanted).toList());
    }

    /// The slots of a service in their order. Tasks that are to be removed stand in none.
    static NavigableMap<Key, Slot> of(Collection<Task> tasks) {
        NavigableMap<Key, List<Task>> grouped = new TreeMap<>();
        for (Task task : tasks) {
            if (task.desiredState().compareTo(TaskState.REMOVE) < 0) {
                grouped.computeIfAbsent(Key.of(task), _ -> new ArrayList<>()).add(task);
            }
        }
        NavigableMap<Key, Slot> slots = new TreeMap<>();
        for (var entry : grouped.entrySet()) {
            slots.put(entry.getKey(), of(entry.getKey(), entry.getValue()));
        }
        return slots;
    }

    Task newest() {
        return tasks.getLast();
    }

    boolean isRunning() {
        return tasks.stream().anyMatch(task -> task.isWanted() && task.status().state() == TaskState.RUNNING);
    }

    /// Where its wanted task is.
    Optional<Id<Node>> place() {
        return wanted.stream().findFirst().flatMap(Task::nodeId);
    }
}
