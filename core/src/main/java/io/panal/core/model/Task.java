package io.panal.core.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One run of a service's container: never moved or restarted, only replaced.
///
/// @param origin whose it is, and of which revision; fixed at its creation
/// @param nodeId named by the scheduler, once
/// @param desiredState what the leader wants; it only advances
/// @param pace when it may start, and since when it runs
/// @param status what was last seen
/// @param networksAttachments addresses, given by the allocator before it is scheduled
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Task(
        Id<Task> id,
        Meta meta,
        Origin origin,
        Optional<Id<Node>> nodeId,
        TaskState desiredState,
        Pace pace,
        TaskStatus status,
        List<Attachment> networksAttachments)
        implements Stored<Task> {

    /// @param slot from 1, of a job from 0, as Docker's clients count; [#GLOBAL] for a task that is bound to its node
    ///     instead
    public record Origin(Id<Service> serviceId, int slot, Id<Revision> revision, long jobIteration) {
        /// The slot of every task of a global service.
        public static final int GLOBAL = -1;
    }

    /// @param startAfter not before this time is the desired state raised from `ready` to `running`
    /// @param runningSince when its node first saw it running; kept after its end, since an update judges by it
    /// @param restarts when its predecessors of the same revision were given up, if the restart policy counts them
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Pace(Optional<Instant> startAfter, Optional<Instant> runningSince, List<Instant> restarts) {
        public static final Pace AT_ONCE = new Pace(Optional.empty(), Optional.empty(), List.of());

        public Pace {
            restarts = List.copyOf(restarts);
        }
    }

    /// An address in a network.
    ///
    /// @param addresses with their prefix length: 10.0.0.5/24
    public record Attachment(Id<Network> network, List<String> addresses, List<String> aliases) {
        public Attachment {
            addresses = List.copyOf(addresses);
            aliases = List.copyOf(aliases);
        }
    }

    public Task {
        networksAttachments = List.copyOf(networksAttachments);
    }

    public static Task created(Id<Task> id, Origin origin, TaskState desired, Instant now) {
        return new Task(
                id,
                Meta.UNSTAMPED,
                origin,
                Optional.empty(),
                desired,
                Pace.AT_ONCE,
                TaskStatus.of(now, TaskState.NEW, "created"),
                List.of());
    }

    /// A task of a global service: its node is known from the start.
    public Task boundTo(Id<Node> node) {
        if (nodeId.isPresent()) {
            throw new IllegalStateException("task %s has node %s".formatted(id, nodeId.get()));
        }
        return new Task(id, meta, origin, Optional.of(node), desiredState, pace, status, networksAttachments);
    }

    public Task startingAfter(Instant when) {
        return new Task(
                id,
                meta,
                origin,
                nodeId,
                desiredState,
                new Pace(Optional.of(when), pace.runningSince(), pace.restarts()),
                status,
                networksAttachments);
    }

    public Task allocated(List<Attachment> attachments, Instant now) {
        return new Task(
                id,
                meta,
                origin,
                nodeId,
                desiredState,
                pace,
                TaskStatus.of(now, TaskState.PENDING, "pending task scheduling"),
                attachments);
    }

    /// It takes the place of tasks that were given up at these times.
    public Task restartedAt(List<Instant> times) {
        return new Task(
                id,
                meta,
                origin,
                nodeId,
                desiredState,
                new Pace(pace.startAfter(), pace.runningSince(), times),
                status,
                networksAttachments);
    }

    /// The scheduler found no node, or the allocator no address: the reason is shown, the state stays.
    public Task waitingBecause(String reason, Instant now) {
        TaskStatus told = new TaskStatus(
                now, status.state(), status.message(), reason, status.containerStatus(), status.portStatus());
        return new Task(id, meta, origin, nodeId, desiredState, pace, told, networksAttachments);
    }

    public Task assignedTo(Id<Node> node, Instant now) {
        if (status.state().compareTo(TaskState.ASSIGNED) >= 0
                || nodeId.filter(own -> !own.equals(node)).isPresent()) {
            throw new IllegalStateException(
                    "task %s is %s on %s, not to be assigned to %s".formatted(id, status.state(), nodeId, node));
        }
        return new Task(
                id,
                meta,
                origin,
                Optional.of(node),
                desiredState,
                pace,
                TaskStatus.of(
                        now,
                        TaskState.ASSIGNED,
                        isBound()
                                ? "scheduler confirmed task can run on preassigned node"
                                : "scheduler assigned task to node"),
                networksAttachments);
    }

    /// @throws IllegalStateException when it would go back
    public Task wanted(TaskState desired) {
        if (desired.compareTo(desiredState) < 0) {
            throw new IllegalStateException("task %s is wanted %s, not %s".formatted(id, desiredState, desired));
        }
        return new Task(id, meta, origin, nodeId, desired, pace, status, networksAttachments);
    }

    /// What its node, or the leader in its stead, saw of it. Older news changes nothing, nor does any after its end.
    public Task seen(TaskStatus news) {
        if (news.state().compareTo(status.state()) < 0 || status.state().isTerminal()) {
            return this;
        }
        boolean begins =
                news.state() == TaskState.RUNNING && pace.runningSince().isEmpty();
        Pace next = begins ? new Pace(pace.startAfter(), Optional.of(news.timestamp()), pace.restarts()) : pace;
        return new Task(id, meta, origin, nodeId, desiredState, next, news, networksAttachments);
    }

    private boolean isBound() {
        return nodeId.isPresent();
    }

    public boolean isGlobal() {
        return origin.slot() == Origin.GLOBAL;
    }

    /// What stands for its slot in names: the number, else the node's id, as for a job's first slot in Docker too.
    public String place() {
        return origin.slot() > 0
                ? Integer.toString(origin.slot())
                : nodeId.map(Id::value).orElse("");
    }

    public Id<Service> serviceId() {
        return origin.serviceId();
    }

    /// Whether it is to run: the leader has not given it up. A job's tasks are wanted to complete.
    public boolean isWanted() {
        return desiredState.compareTo(TaskState.COMPLETE) <= 0;
    }

    public boolean isEnded() {
        return status.state().isTerminal();
    }

    /// Whether its node has it, or is to have it.
    public boolean isAssigned() {
        return nodeId.isPresent() && status.state().compareTo(TaskState.ASSIGNED) >= 0;
    }

    /// Whether it runs or is still to run.
    public boolean isLive() {
        return isWanted() && !isEnded();
    }

    @Override
    public Task stamped(Meta stamp) {
        return new Task(id, stamp, origin, nodeId, desiredState, pace, status, networksAttachments);
    }
}
