package io.panal.core.manager.orchestrator;

import io.panal.core.manager.allocator.Attachments;
import io.panal.core.manager.scheduler.Constraint;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Revision;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import io.panal.core.model.TaskSpec;
import io.panal.core.model.TaskState;
import io.panal.core.store.View;
import java.util.List;
import java.util.Optional;

/// Whether a task is still what its service wants.
public final class Outdated {
    private final View view;
    private final Service service;
    private final Revision current;
    private final List<Constraint> constraints;
    private final List<Id<Network>> networks;

    public Outdated(View view, Service service) {
        this.view = view;
        this.service = service;
        this.current = view.revisions().require(service.revision());
        this.constraints = Constraint.of(current.spec());
        this.networks = Attachments.wantedBy(service, view);
    }

    public boolean is(Task task) {
        return isOfAnotherSpec(task) || isOnOtherNetworks(task);
    }

    /// Other constraints alone are no reason to replace a task whose node meets them (swarmkit, `IsTaskDirty`).
    private boolean isOfAnotherSpec(Task task) {
        if (task.origin().revision().equals(service.revision())) {
            return false;
        }
        boolean differs = view.revisions()
                .find(task.origin().revision())
                .filter(own -> withoutPlacement(own.spec()).equals(withoutPlacement(current.spec()))
                        && own.hostPorts().equals(current.hostPorts()))
                .isEmpty();
        if (differs) {
            return true;
        }
        Optional<Node> node = task.nodeId().flatMap(at -> view.nodes().find(at));
        return node.isEmpty() || !Constraint.allMatch(constraints, node.get());
    }

    private boolean isOnOtherNetworks(Task task) {
        if (task.status().state() == TaskState.NEW) {
            return false;
        }
        List<Id<Network>> own = task.networksAttachments().stream()
                .map(Task.Attachment::network)
                .toList();
        // To be left on the ingress network without a published port does no harm.
        return !own.containsAll(networks)
                || own.stream().anyMatch(id -> !networks.contains(id) && !Attachments.isIngress(id, view));
    }

    private static TaskSpec withoutPlacement(TaskSpec spec) {
        return new TaskSpec(
                spec.containerSpec(),
                spec.resources(),
                spec.restartPolicy(),
                Optional.empty(),
                spec.networks(),
                spec.logDriver(),
                spec.forceUpdate(),
                spec.runtime());
    }
}
