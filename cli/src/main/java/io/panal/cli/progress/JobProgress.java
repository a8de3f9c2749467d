package io.panal.cli.progress;

import io.panal.cli.json.Tree;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A replicated job: completed tasks, active tasks, and a line for each.
final class JobProgress implements Progress {
    private final Display display;
    private final long iteration;
    private final long concurrent;
    private final long total;
    private boolean started;

    JobProgress(Display display, Tree service) {
        this.display = display;
        this.iteration = service.number("JobStatus.JobIteration.Index");
        this.concurrent = service.number("Spec.Mode.ReplicatedJob.MaxConcurrent");
        this.total = service.number("Spec.Mode.ReplicatedJob.TotalCompletions");
    }

    @Override
    public boolean update(Tree service, List<Tree> tasks, Set<String> activeNodes, boolean rollback) {
        if (!started) {
            started = true;
            overall(0, 0);
            for (long i = 1; i <= total && total <= MOST_BARS; i++) {
                display.line(i + "/" + total, " ");
            }
        }
        int active = 0;
        int completed = 0;
        for (Map.Entry<Long, Tree> entry : bySlot(tasks).entrySet()) {
            Tree task = entry.getValue();
            if (total <= MOST_BARS) {
                States.show(display, entry.getKey() + 1 + "/" + total, task, true);
            }
            active += States.actual(task) < States.COMPLETE ? 1 : 0;
            completed += States.actual(task) == States.COMPLETE ? 1 : 0;
        }
        overall(active, completed);
        return completed == total;
    }

    private Map<Long, Tree> bySlot(List<Tree> tasks) {
        var bySlot = new TreeMap<Long, Tree>();
        for (Tree task : tasks) {
            if (!States.isKnown(task) || !task.has("JobIteration") || task.number("JobIteration.Index") != iteration) {
                continue;
            }
            Tree other = bySlot.get(task.number("Slot"));
            if (other == null || States.actual(task) < States.actual(other)) {
                bySlot.put(task.number("Slot"), task);
            }
        }
        return bySlot;
    }

    private void overall(int active, int completed) {
        String done = padded(completed, Long.toString(total).length());
        display.bar("job progress", done + " out of " + total + " complete", completed, total);
        int digits = Long.toString(concurrent).length();
        long wanted = Math.min(total - completed, concurrent);
        display.line("active tasks", padded(active, digits) + " out of " + padded(wanted, digits) + " tasks");
    }

    static String padded(long number, int width) {
        String digits = Long.toString(number);
        return " ".repeat(Math.max(0, width - digits.length())) + digits;
    }
}
