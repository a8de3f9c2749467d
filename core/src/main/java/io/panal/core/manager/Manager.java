package io.panal.core.manager;

import io.panal.core.Actor;
import io.panal.core.manager.ManagerEvent.Abandoned;
import io.panal.core.manager.ManagerEvent.Asked;
import io.panal.core.manager.ManagerEvent.Beaten;
import io.panal.core.manager.ManagerEvent.ClockJumped;
import io.panal.core.manager.ManagerEvent.Committed;
import io.panal.core.manager.ManagerEvent.Connected;
import io.panal.core.manager.ManagerEvent.Deposed;
import io.panal.core.manager.ManagerEvent.Led;
import io.panal.core.manager.ManagerEvent.MembersChanged;
import io.panal.core.manager.ManagerEvent.Reported;
import io.panal.core.manager.ManagerEvent.SessionClosed;
import io.panal.core.manager.ManagerEvent.SessionOpened;
import io.panal.core.manager.ManagerEvent.TooLarge;
import io.panal.core.manager.ManagerEvent.Woken;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Answers;
import io.panal.core.manager.turn.Limits;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/// The leader's half of a node: hears requests and nodes, and decides in turns.
///
/// While it does not lead it answers every request as unavailable.
public final class Manager implements Actor<ManagerEvent, ManagerEffect> {
    private final Limits limits;
    private Optional<Leadership> leadership = Optional.empty();
    private NavigableSet<Id<Node>> members = new TreeSet<>();
    private long batches;

    public Manager() {
        this(Limits.DEFAULT);
    }

    public Manager(Limits limits) {
        this.limits = limits;
    }

    @Override
    public List<ManagerEffect> on(ManagerEvent event, Instant now) {
        List<ManagerEffect> effects = new ArrayList<>();
        switch (event) {
            case Led led -> {
                stepDown(Answers.NO_LEADER, effects);
                leadership = Optional.of(new Leadership(led, limits, now, batches));
            }
            case Deposed _ -> stepDown(Answers.NO_LEADER, effects);
            case Abandoned(long batch, String _) ->
                leadership.ifPresent(own -> own.abandoned(batch, Answers.NO_LEADER, now, effects));
            case TooLarge(long batch) -> leadership.ifPresent(own -> own.tooLarge(batch, now, effects));
            case MembersChanged changed -> members = new TreeSet<>(changed.members());
            case Asked asked -> ask(asked, effects);
            case Committed committed -> leadership.ifPresent(own -> own.committed(committed, effects));
            case SessionOpened opened ->
                leadership.ifPresent(own -> own.dispatcher().opened(opened, own.time(now)));
            case SessionClosed(Id<Node> node, String session) ->
                leadership.ifPresent(own -> own.dispatcher().closed(node, session));
            case Beaten(Id<Node> node, String session) -> beaten(node, session, now, effects);
            case Reported reported ->
                leadership.ifPresent(own -> own.dispatcher().reported(reported, own.time(now)));
            case Connected(Id<Node> node, String session, long generation) ->
                leadership.ifPresent(own -> own.connected(node, session, generation, now));
            case ClockJumped(Duration by) -> leadership.ifPresent(own -> own.clockJumped(by));
            case Woken _ -> {}
        }
        leadership.ifPresent(own -> own.advance(members, now, effects));
        return effects;
    }

    /// A node that was greeted while the lead changed hands waits for orders that nobody gives: it is to look again.
    private void beaten(Id<Node> node, String session, Instant now, List<ManagerEffect> effects) {
        boolean isKnown = leadership
                .filter(own -> own.dispatcher().beaten(node, session, own.time(now)))
                .isPresent();
        if (!isKnown) {
            effects.add(new ManagerEffect.EndSession(node, session, "this manager does not know the session"));
        }
    }

    private void stepDown(Answer parting, List<ManagerEffect> effects) {
        leadership.ifPresent(own -> {
            own.end(parting, effects);
            batches = own.batches();
        });
        leadership = Optional.empty();
    }

    private void ask(Asked asked, List<ManagerEffect> effects) {
        leadership.ifPresentOrElse(
                own -> own.asked(asked, effects),
                () -> effects.add(new ManagerEffect.Reply(asked.request(), Answers.NO_LEADER)));
    }

    @Override
    public Optional<Instant> wakeAt() {
        return leadership.flatMap(Leadership::wakeAt);
    }
}
