package io.panal.core.manager.turn;

import java.time.Duration;

/// Every bound of the manager, in one place.
///
/// @param batchChanges objects that one turn may change before it leaves the rest to the next; an object has about
///     700 bytes, and an entry of the log at most 1.5 MiB
/// @param doubtWait after a batch whose fate is unknown, before the log is tried again
/// @param tasksOfService replicas or completions that a service may ask for
/// @param waitingRequests commands that wait for a turn; more are refused
/// @param waitingReports reports that wait for a turn; a session that brings more is ended, so that all is said again
/// @param beatsMissed heartbeat periods after which a silent node is down
/// @param orphanedAfter a node down for so long is taken not to come back
/// @param oldTaskWait how long a replacement waits for its predecessor to end
/// @param failureWindow within which a task's failures count against its node
/// @param failuresTolerated of a service on a node within the window, before other nodes are tried first
/// @param restartsRemembered of a slot; a policy that allows more attempts allows so many
/// @param sweep how often every service is asked though nothing happened
/// @param farewell how long a task that takes connections goes on after all nodes have acknowledged that they send it
///     no new ones, so that those on their way arrive
/// @param farewellMost how long it goes on when a node does not acknowledge; enough for a daemon to come back
/// @param orderSpacing between two orders to one node, so that a burst of commits is one order
/// @param keyPeriod after which encrypted networks are sealed with the next key
public record Limits(
        int batchChanges,
        Duration doubtWait,
        long tasksOfService,
        int waitingRequests,
        int waitingReports,
        int beatsMissed,
        Duration orphanedAfter,
        Duration oldTaskWait,
        Duration failureWindow,
        int failuresTolerated,
        int restartsRemembered,
        Duration sweep,
        Duration farewell,
        Duration farewellMost,
        Duration orderSpacing,
        Duration keyPeriod) {
    /// The defaults of Docker where it has some (swarmkit: orphaned after 24 h, 5 min of failures, 1 min for an old
    /// task).
    public static final Limits DEFAULT = new Limits(
            1_200,
            Duration.ofMillis(200),
            100_000,
            10_000,
            100_000,
            3,
            Duration.ofHours(24),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            3,
            1_000,
            Duration.ofMinutes(1),
            Duration.ofMillis(250),
            Duration.ofSeconds(5),
            Duration.ofMillis(20),
            Duration.ofHours(12));

    /// The same with batches of another size, for a log that refused those of this one.
    public Limits batching(int changes) {
        return with(changes, keyPeriod);
    }

    /// The same with another pace of key rotation.
    public Limits rotatingEvery(Duration period) {
        return with(batchChanges, period);
    }

    private Limits with(int changes, Duration period) {
        return new Limits(
                changes,
                doubtWait,
                tasksOfService,
                waitingRequests,
                waitingReports,
                beatsMissed,
                orphanedAfter,
                oldTaskWait,
                failureWindow,
                failuresTolerated,
                restartsRemembered,
                sweep,
                farewell,
                farewellMost,
                orderSpacing,
                period);
    }
}
