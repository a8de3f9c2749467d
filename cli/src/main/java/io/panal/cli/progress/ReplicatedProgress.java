package io.panal.cli.progress;

import io.panal.cli.json.Tree;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A line for each slot, numbered without gaps in the order they were first seen.
final class ReplicatedProgress implements Progress {
    private final Display display;
    private final Map<Long, Integer> lines = new HashMap<>();
    private boolean started;
    private boolean done;

    ReplicatedProgress(Display display) {
        this.display = display;
    }

    @Override
    public boolean update(Tree service, List<Tree> tasks, Set<String> activeNodes, boolean rollback) {
        long replicas = service.number("Spec.Mode.Replicated.Replicas");
        if (!started) {
            started = true;
            States.overall(display, 0, replicas, rollback);
            for (long i = 1; i <= replicas && replicas <= MOST_BARS; i++) {
                display.line(i + "/" + replicas, " ");
            }
        }
        Map<Long, Tree> bySlot = bySlot(tasks, activeNodes);
        for (Tree task : bySlot.values()) {
            done &= States.actual(task) == States.RUNNING;
        }
        int running = 0;
        for (Map.Entry<Long, Tree> entry : bySlot.entrySet()) {
            Integer known = lines.get(entry.getKey());
            int line = known == null ? lines.size() + 1 : known;
            lines.put(entry.getKey(), line);
            running += States.isRunning(entry.getValue()) ? 1 : 0;
            if (!done && replicas <= MOST_BARS && line <= replicas) {
                States.show(display, line + "/" + replicas, entry.getValue(), false);
            }
        }
        if (!done) {
            States.overall(display, running, replicas, rollback);
            done = running == replicas;
        }
        return running == replicas;
    }

    private static Map<Long, Tree> bySlot(List<Tree> tasks, Set<String> activeNodes) {
        var bySlot = new TreeMap<Long, Tree>();
        for (Tree task : tasks) {
            String node = task.text("NodeID");
            if (!States.isKnown(task) || (!node.isEmpty() && !activeNodes.contains(node))) {
                continue;
            }
            Tree other = bySlot.get(task.number("Slot"));
            if (other == null || States.isBefore(task, other)) {
                bySlot.put(task.number("Slot"), task);
            }
        }
        return bySlot;
    }
}
