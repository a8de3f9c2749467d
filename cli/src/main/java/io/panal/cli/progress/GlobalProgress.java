package io.panal.cli.progress;

import io.panal.cli.json.Tree;
import io.panal.cli.shown.Text;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A line for each node that got a task.
final class GlobalProgress implements Progress {
    private final Display display;
    private boolean started;
    private boolean done;

    GlobalProgress(Display display) {
        this.display = display;
    }

    @Override
    public boolean update(Tree service, List<Tree> tasks, Set<String> activeNodes, boolean rollback) {
        Map<String, Tree> byNode = byNode(tasks);
        int nodes = byNode.size();
        if (!started) {
            if (nodes == 0) {
                // Either there are no tasks yet or no node fits; either way there is nothing else to do than wait.
                display.line("overall progress", "waiting for new tasks");
                return false;
            }
            States.overall(display, 0, nodes, rollback);
            started = true;
        }
        for (Tree task : byNode.values()) {
            done &= States.actual(task) == States.RUNNING;
        }
        int running = 0;
        for (Map.Entry<String, Tree> entry : byNode.entrySet()) {
            if (!activeNodes.contains(entry.getKey())) {
                continue;
            }
            running += States.isRunning(entry.getValue()) ? 1 : 0;
            if (!done && nodes <= MOST_BARS) {
                States.show(display, Text.shortId(entry.getKey()), entry.getValue(), false);
            }
        }
        if (!done) {
            States.overall(display, running, nodes, rollback);
            done = running == nodes;
        }
        return running == nodes;
    }

    private static Map<String, Tree> byNode(List<Tree> tasks) {
        var byNode = new TreeMap<String, Tree>();
        for (Tree task : tasks) {
            if (!States.isKnown(task)) {
                continue;
            }
            Tree other = byNode.get(task.text("NodeID"));
            if (other == null || States.isBefore(task, other)) {
                byNode.put(task.text("NodeID"), task);
            }
        }
        return byNode;
    }
}
