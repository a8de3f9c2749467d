package io.panal.program.lab;

import io.panal.cli.command.Failure;
import io.panal.node.time.Deadline;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/// Waits until as many tasks run as are wanted.
record Convergence(Function<String[], Machine.Ran> docker) {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    /// @throws Failure with what keeps the tasks back when it takes too long
    void await(String service, int tasks) throws Failure {
        Deadline deadline = Deadline.after(PATIENCE);
        while (!deadline.isOver()) {
            Machine.Ran ran = docker.apply(
                    new String[] {"service", "ls", "--filter", "name=" + service, "--format", "{{.Replicas}}"});
            if (ran.isWell() && ran.output().strip().startsWith(tasks + "/" + tasks)) {
                return;
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
        throw Failure.because("not all %d tasks of %s run after %d s:\n%s"
                .formatted(
                        tasks,
                        service,
                        PATIENCE.toSeconds(),
                        docker.apply(new String[] {"service", "ps", "--no-trunc", service})
                                .output()));
    }
}
