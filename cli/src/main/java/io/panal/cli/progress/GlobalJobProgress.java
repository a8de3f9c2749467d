package io.panal.cli.progress;

import io.panal.cli.json.Tree;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// A global job: completed tasks of the nodes that were there when it began.
final class GlobalJobProgress implements Progress {
    private final Display display;
    private final long iteration;
    private final Set<String> nodes = new TreeSet<>();
    private boolean started;

    GlobalJobProgress(Display display, Tree service) {
        this.display = display;
        this.iteration = service.number("JobStatus.JobIteration.Index");
    }

    @Override
    public boolean update(Tree service, List<Tree> tasks, Set<String> activeNodes, boolean rollback) {
        if (!started) {
            if (tasks.isEmpty() && !activeNodes.isEmpty()) {
                display.line("job progress", "waiting for tasks");
                return false;
            }
            for (Tree task : tasks) {
                if (isOurs(task)) {
                    nodes.add(task.text("NodeID"));
                }
            }
            overall(0);
            started = true;
        }
        int completed = 0;
        for (Map.Entry<String, Tree> entry : byNode(tasks).entrySet()) {
            if (nodes.size() <= MOST_BARS) {
                States.show(display, entry.getKey(), entry.getValue(), true);
            }
            completed += States.actual(entry.getValue()) == States.COMPLETE ? 1 : 0;
        }
        overall(completed);
        return completed == nodes.size();
    }

    private boolean isOurs(Tree task) {
        return task.has("JobIteration") && task.number("JobIteration.Index") == iteration;
    }

    private Map<String, Tree> byNode(List<Tree> tasks) {
        var byNode = new TreeMap<String, Tree>();
        for (Tree task : tasks) {
            String node = task.text("NodeID");
            if (!isOurs(task) || !States.isKnown(task) || !nodes.contains(node)) {
                continue;
            }
            Tree other = byNode.get(node);
            if (other == null || States.actual(task) < States.actual(other)) {
                byNode.put(node, task);
            }
        }
        return byNode;
    }

    private void overall(int completed) {
        String done =
                JobProgress.padded(completed, Integer.toString(nodes.size()).length());
        display.bar("job progress", done + " out of " + nodes.size() + " complete", completed, nodes.size());
    }
}
