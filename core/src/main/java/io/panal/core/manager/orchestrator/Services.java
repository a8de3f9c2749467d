package io.panal.core.manager.orchestrator;

import io.panal.core.manager.turn.Agenda;
import io.panal.core.manager.turn.Plan;
import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Id;
import io.panal.core.model.Service;
import io.panal.core.model.ServiceSpec.Mode;
import java.util.Optional;

/// All that is asked of one service in a turn, in its order.
public final class Services {
    private Services() {}

    public static void reconcile(Id<Service> id, Turn turn, Agenda agenda) {
        if (turn.view().services().find(id).isEmpty()) {
            Plan.Draftsman end = new Plan.Draftsman();
            Replicated.close(turn.view().tasksOf(id), end);
            turn.apply(end.plan());
            turn.apply(Reaper.revisions(id, turn.view()));
            return;
        }
        step(id, turn, agenda, Services::settled);
        step(id, turn, agenda, Services::counted);
        step(id, turn, agenda, Services::updated);
        step(id, turn, agenda, Services::promoted);
        step(id, turn, agenda, (service, now) -> Reaper.reconcile(service.id(), now.view()));
        step(id, turn, agenda, (service, now) -> Reaper.revisions(service.id(), now.view()));
    }

    private interface Step {
        Plan reconcile(Service service, Turn turn);
    }

    private static void step(Id<Service> id, Turn turn, Agenda agenda, Step step) {
        Optional<Service> service = turn.view().services().find(id);
        service.map(found -> step.reconcile(found, turn)).ifPresent(plan -> {
            turn.apply(plan);
            plan.askAgain().ifPresent(at -> agenda.askAgain(id, at));
        });
    }

    private static Plan settled(Service service, Turn turn) {
        Plan.Draftsman plan = new Plan.Draftsman();
        Restarts restarts = new Restarts(turn.view(), turn);
        for (Slot slot : Slot.of(turn.view().tasksOf(service.id())).values()) {
            restarts.settle(service, slot, plan);
        }
        return plan.plan();
    }

    private static Plan counted(Service service, Turn turn) {
        return switch (service.spec().mode()) {
            case Mode.Replicated replicated -> Replicated.reconcile(service, replicated.count(), turn.view(), turn);
            case Mode.Global _ -> Global.reconcile(service, turn.view(), turn, new Restarts(turn.view(), turn));
            case Mode.ReplicatedJob job -> Jobs.replicated(service, job, turn.view(), turn);
            case Mode.GlobalJob _ -> Jobs.global(service, turn.view(), turn);
        };
    }

    private static Plan updated(Service service, Turn turn) {
        return switch (service.spec().mode()) {
            case Mode.Replicated _, Mode.Global _ -> Updater.reconcile(service, turn.view(), turn);
            // A job is not updated but run again.
            case Mode.ReplicatedJob _, Mode.GlobalJob _ -> Plan.NOTHING;
        };
    }

    private static Plan promoted(Service service, Turn turn) {
        Plan.Draftsman plan = new Plan.Draftsman();
        Restarts restarts = new Restarts(turn.view(), turn);
        for (Slot slot : Slot.of(turn.view().tasksOf(service.id())).values()) {
            restarts.promote(service, slot, plan);
        }
        return plan.plan();
    }
}
