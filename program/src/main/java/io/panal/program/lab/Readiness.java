package io.panal.program.lab;

import io.panal.cli.command.Failure;
import io.panal.node.time.Deadline;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Waits until a machine's daemon answers and knows whether it is in a swarm: one that was made or started
/// a moment ago, perhaps by a run of the lab that was interrupted, may still be on its way.
record Readiness(Supplier<Machine.Ran> standing) {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    /// @throws Failure with what the daemon's client says when it takes too long
    void await(String machine) throws Failure {
        Deadline deadline = Deadline.after(PATIENCE);
        Machine.Ran ran = standing.get();
        while (!isSettled(ran) && !deadline.isOver()) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            ran = standing.get();
        }
        if (!ran.isWell()) {
            throw Failure.because(
                    "the daemon in %s does not answer after %d s:\n%s\nLook at: panal machine ssh %s tail /var/log/panal.log"
                            .formatted(
                                    machine, PATIENCE.toSeconds(), ran.output().strip(), machine));
        }
    }

    private static boolean isSettled(Machine.Ran ran) {
        return ran.isWell() && !ran.output().strip().equals("pending");
    }
}
