package io.panal.node.swarm;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.panal.core.codec.Codec;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Answers;
import io.panal.core.manager.control.Command;
import io.panal.core.manager.control.Repetition;
import io.panal.core.store.View;
import io.panal.node.link.ManagerLinks;
import io.panal.node.time.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// What a manager asks of the leader, be it itself or another, while the lead may change hands.
final class LeaderRequests {
    private static final System.Logger LOG = System.getLogger(LeaderRequests.class.getName());
    /// How long another manager, once elected, may take to say that it leads; nothing tells of that here.
    private static final Duration GETS_READY = Duration.ofMillis(50);

    private final ManagerSeat seat;
    private final LeaderDesk desk;
    private final ManagerLinks links;
    private final Bell leadership;

    /// @param leadership rings whenever another may lead
    LeaderRequests(ManagerSeat seat, LeaderDesk desk, ManagerLinks links, Bell leadership) {
        this.seat = seat;
        this.desk = desk;
        this.links = links;
        this.leadership = leadership;
    }

    /// Waits until the view holds all that the leader has acknowledged before the call.
    ///
    /// @return false when no leader can be asked: what this manager knows may be old
    boolean catchUp(Deadline deadline) throws InterruptedException {
        do {
            long heard = leadership.rings();
            Optional<ManagerSeat.Halt> halt = seat.halt();
            if (halt.isPresent()) {
                return halt.get().alone();
            }
            if (desk.isLeading()) {
                return true;
            }
            try {
                Optional<byte[]> version = forwarded(new byte[] {Reception.VERSION}, deadline);
                if (version.isPresent()) {
                    long told = ByteBuffer.wrap(version.get()).getLong();
                    return seat.state().await(told, deadline.left());
                }
            } catch (IOException unreached) {
                LOG.log(INFO, () -> "leader not reached reason=" + unreached.getMessage());
            }
            awaitLeader(heard, deadline);
        } while (!deadline.isOver());
        return false;
    }

    /// Has the leader do it, be it this node or another, and waits until this node's view shows it.
    ///
    /// When the leader is lost on the way, the next one is asked again, where that does no harm.
    Answer submit(Command command, Deadline deadline) throws InterruptedException {
        boolean isRepeated = false;
        do {
            long heard = leadership.rings();
            Optional<ManagerSeat.Halt> halt = seat.halt();
            if (halt.isPresent()) {
                return new Answer.Unavailable(halt.get().why());
            }
            Optional<Answer> answer = attempt(command, deadline);
            if (answer.isPresent()) {
                boolean isLost = answer.get().equals(Answers.NO_LEADER);
                if (!isLost || !Repetition.isHarmless(command)) {
                    return isRepeated ? Repetition.settled(command, answer.get(), newest(deadline)) : answer.get();
                }
                isRepeated = true;
            }
            awaitLeader(heard, deadline);
        } while (!deadline.isOver());
        return Answers.NO_LEADER;
    }

    /// @return empty when nobody looked at it; `NO_LEADER` when it may or may not be done
    private Optional<Answer> attempt(Command command, Deadline deadline) throws InterruptedException {
        if (desk.isLeading()) {
            return Optional.of(desk.ask(command, deadline.left()));
        }
        byte[] content = Codec.BINARY.write(command);
        byte[] request = ByteBuffer.allocate(1 + content.length)
                .put(Reception.COMMAND)
                .put(content)
                .array();
        try {
            Optional<byte[]> answer = forwarded(request, deadline);
            return answer.isEmpty()
                    ? Optional.empty()
                    : Optional.of(shown(Codec.BINARY.read(answer.get(), Answer.class), deadline));
        } catch (IOException failed) {
            LOG.log(WARNING, () -> "request without an answer reason=" + failed.getMessage());
            return Optional.of(Answers.NO_LEADER);
        }
    }

    private View newest(Deadline deadline) throws InterruptedException {
        boolean _ = catchUp(deadline);
        return seat.view();
    }

    /// Has the leader pass a node's stream on to this manager.
    ///
    /// @return why it does not; empty when it does
    Optional<String> relay(Relays.Order order, Deadline deadline) throws IOException, InterruptedException {
        byte[] content = Codec.BINARY.write(order);
        byte[] request = ByteBuffer.allocate(1 + content.length)
                .put(Reception.RELAY)
                .put(content)
                .array();
        Optional<byte[]> answer = forwarded(request, deadline);
        String why = answer.map(bytes -> new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8))
                .orElse(Answers.NO_LEADER.why());
        return why.isEmpty() ? Optional.empty() : Optional.of(why);
    }

    private Answer shown(Answer answer, Deadline deadline) throws InterruptedException {
        if (answer instanceof Answer.Done done) {
            boolean _ = seat.state().await(done.version(), deadline.left());
        }
        return answer;
    }

    /// @return empty when no other leader is known, or who was asked does not lead: the request was not looked at
    private Optional<byte[]> forwarded(byte[] request, Deadline deadline) throws IOException, InterruptedException {
        Optional<String> leader = seat.leaderAddress();
        return leader.isEmpty() ? Optional.empty() : links.forward(leader.get(), request, deadline.left());
    }

    /// Waits until another may lead than before `heard`, or who was elected has had time to begin.
    private void awaitLeader(long heard, Deadline deadline) throws InterruptedException {
        Duration left = deadline.left();
        Duration patience = seat.leader().isPresent() && left.compareTo(GETS_READY) > 0 ? GETS_READY : left;
        boolean _ = leadership.await(heard, patience);
    }
}
