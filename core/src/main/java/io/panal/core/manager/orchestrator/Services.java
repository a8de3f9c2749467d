package io.panal.core.manager.orchestrator;

import io.panal.core.manager.turn.Agenda;
import io.panal.core.manager.turn.Plan;
import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Id;
import io.panal.core.model.Service;
import io.panal.core.model.ServiceSpec.Mode;
import io.panal.core.store.View;
import java.util.NavigableMap;

/// All that is asked of one service in a turn, in its order.
///
/// The slots are sorted out again only after a step that changed something.
public final class Services {
    private final Id<Service> id;
    private final Turn turn;
    private final Agenda agenda;
    private View sorted;
    private NavigableMap<Slot.Key, Slot> slots;

    private Services(Id<Service> id, Turn turn, Agenda agenda) {
        this.id = id;
        this.turn = turn;
        this.agenda = agenda;
        this.sorted = turn.view();
        this.slots = Slot.of(sorted.tasksOf(id));
    }

    public static void reconcile(Id<Service> id, Turn turn, Agenda agenda) {
        if (turn.view().services().find(id).isEmpty()) {
            Plan.Draftsman end = turn.plan();
            Replicated.close(turn.view().tasksOf(id), end);
            Plan ending = end.plan();
            turn.apply(ending);
            ending.askAgain().ifPresent(at -> agenda.askAgain(id, at));
            turn.apply(Reaper.revisions(id, turn));
            return;
        }
        new Services(id, turn, agenda).reconciled();
    }

    private interface Step {
        Plan reconcile(Service service, NavigableMap<Slot.Key, Slot> slots);
    }

    private void reconciled() {
        step(this::settled);
        step(this::counted);
        step(this::updated);
        step(this::promoted);
        step((service, now) -> Reaper.reconcile(service.id(), now.values(), turn));
        step((service, _) -> Reaper.revisions(service.id(), turn));
    }

    private void step(Step step) {
        if (sorted != turn.view()) {
            sorted = turn.view();
            slots = Slot.of(sorted.tasksOf(id));
        }
        Plan plan = step.reconcile(turn.view().services().require(id), slots);
        turn.apply(plan);
        plan.askAgain().ifPresent(at -> agenda.askAgain(id, at));
    }

    private Plan settled(Service service, NavigableMap<Slot.Key, Slot> present) {
        Plan.Draftsman plan = turn.plan();
        Restarts restarts = new Restarts(turn.view(), turn);
        for (Slot slot : present.values()) {
            restarts.settle(service, slot, plan);
        }
        return plan.plan();
    }

    private Plan counted(Service service, NavigableMap<Slot.Key, Slot> present) {
        return switch (service.spec().mode()) {
            case Mode.Replicated replicated -> Replicated.reconcile(service, replicated.count(), present, turn);
            case Mode.Global _ -> Global.reconcile(service, present, turn, new Restarts(turn.view(), turn));
            case Mode.ReplicatedJob job -> Jobs.replicated(service, job, turn.view(), turn);
            case Mode.GlobalJob _ -> Jobs.global(service, turn.view(), turn);
        };
    }

    private Plan updated(Service service, NavigableMap<Slot.Key, Slot> present) {
        return switch (service.spec().mode()) {
            case Mode.Replicated _ -> Updater.reconcile(service, present.values(), turn);
            case Mode.Global _ -> Updater.reconcile(service, Global.open(service, present, turn.view()), turn);
            // A job is not updated but run again.
            case Mode.ReplicatedJob _, Mode.GlobalJob _ -> Plan.NOTHING;
        };
    }

    private Plan promoted(Service service, NavigableMap<Slot.Key, Slot> present) {
        Plan.Draftsman plan = turn.plan();
        Restarts restarts = new Restarts(turn.view(), turn);
        for (Slot slot : present.values()) {
            restarts.promote(service, slot, plan);
        }
        return plan.plan();
    }
}
