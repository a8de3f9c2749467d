package io.panal.cli.progress;

import io.panal.cli.command.Failure;
import io.panal.cli.json.Tree;
import java.util.List;
import java.util.Set;

/// How far a service of one mode is.
sealed interface Progress permits ReplicatedProgress, GlobalProgress, JobProgress, GlobalJobProgress {
    /// Bars are drawn for at most so many tasks.
    int MOST_BARS = 20;

    /// Shows where the tasks are.
    ///
    /// @return whether they are where they should be
    boolean update(Tree service, List<Tree> tasks, Set<String> activeNodes, boolean rollback);

    static Progress of(Tree service, Display display) throws Failure {
        Tree mode = service.tree("Spec.Mode");
        if (mode.has("Replicated")) {
            return new ReplicatedProgress(display);
        }
        if (mode.has("Global")) {
            return new GlobalProgress(display);
        }
        if (mode.has("ReplicatedJob")) {
            return new JobProgress(display, service);
        }
        if (mode.has("GlobalJob")) {
            return new GlobalJobProgress(display, service);
        }
        throw Failure.because("unrecognized service mode");
    }
}
