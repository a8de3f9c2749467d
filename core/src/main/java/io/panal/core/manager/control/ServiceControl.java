package io.panal.core.manager.control;

import io.panal.core.manager.allocator.PublishedPorts;
import io.panal.core.manager.orchestrator.Revisions;
import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Id;
import io.panal.core.model.PortConfig;
import io.panal.core.model.PortConfig.PublishMode;
import io.panal.core.model.Service;
import io.panal.core.model.Service.UpdateState;
import io.panal.core.model.Service.UpdateStatus;
import io.panal.core.model.ServiceSpec;
import io.panal.core.store.Kind;
import java.util.Optional;

/// Services.
final class ServiceControl {
    private ServiceControl() {}

    static Answer create(Command.CreateService command, Turn turn) {
        ServiceSpec spec = command.spec();
        Optional<Answer> refusal =
                ServiceChecks.refusal(spec, turn.view(), turn.limits()).or(() -> portRefusal(spec, command.id(), turn));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (turn.view().serviceNamed(spec.name()).isPresent()) {
            return Answers.exists(
                    "name conflicts with an existing object: service %s already exists".formatted(spec.name()));
        }
        Revisions.Choice revision = Revisions.forSpec(command.id(), spec, command.registryAuth(), turn.view(), turn);
        revision.fresh().ifPresent(turn::put);
        turn.put(Service.created(command.id(), spec, revision.id(), turn.now()));
        return Answers.done(command.id());
    }

    private static Optional<Answer> portRefusal(ServiceSpec spec, Id<Service> self, Turn turn) {
        for (PortConfig port : spec.ports()) {
            Optional<Answer> refusal = PublishedPorts.conflict(turn.view(), port, self)
                    .map(holder -> Answers.invalid("port '%d' is already in use by service '%s' (%s) as %s"
                            .formatted(
                                    port.publishedPort(),
                                    holder.service().spec().name(),
                                    holder.service().id(),
                                    holder.mode() == PublishMode.HOST ? "a host-published port" : "an ingress port")));
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    static Answer update(Command.UpdateService command, Turn turn) {
        Optional<Service> found = turn.view().services().find(command.id());
        if (found.isEmpty()) {
            return Answers.missing("service", command.id());
        }
        Service service = found.get();
        if (Answers.isOutOfSequence(service, command.version())) {
            return Answers.OUT_OF_SEQUENCE;
        }
        if (command.rollback()) {
            return rollBack(service, command, turn);
        }
        ServiceSpec spec = command.spec();
        Optional<Answer> refusal = ServiceChecks.refusal(spec, turn.view(), turn.limits())
                .or(() -> changeRefusal(service, spec))
                .or(() -> portRefusal(spec, service.id(), turn));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Revisions.Choice revision = Revisions.forSpec(service.id(), spec, command.registryAuth(), turn.view(), turn);
        revision.fresh().ifPresent(turn::put);
        turn.put(again(service.respecified(spec, revision.id()), turn));
        return Answers.done(service.id());
    }

    /// An updated job runs again from the beginning.
    private static Service again(Service service, Turn turn) {
        return service.jobStatus()
                .map(former ->
                        service.iterated(new Service.JobStatus(former.jobIteration() + 1, Optional.of(turn.now()))))
                .orElse(service);
    }

    private static Optional<Answer> changeRefusal(Service service, ServiceSpec spec) {
        if (!service.spec().name().equals(spec.name())) {
            return Optional.of(Answers.unimplemented("renaming services is not supported"));
        }
        return service.spec().mode().getClass().equals(spec.mode().getClass())
                ? Optional.empty()
                : Optional.of(Answers.unimplemented("service mode change is not allowed"));
    }

    private static Answer rollBack(Service service, Command.UpdateService command, Turn turn) {
        Optional<ServiceSpec> former = service.previousSpec();
        if (former.isEmpty()) {
            return Answers.precondition("service %s does not have a previous spec".formatted(service.id()));
        }
        Optional<Answer> refusal = portRefusal(former.get(), service.id(), turn);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Revisions.Choice revision =
                Revisions.forSpec(service.id(), former.get(), command.registryAuth(), turn.view(), turn);
        revision.fresh().ifPresent(turn::put);
        UpdateStatus status = new UpdateStatus(
                UpdateState.ROLLBACK_STARTED, Optional.of(turn.now()), Optional.empty(), "manually requested rollback");
        turn.put(again(service.reverted(former.get(), revision.id(), status), turn));
        return Answers.done(service.id());
    }

    /// The name is free at once; its tasks end afterwards.
    static Answer remove(Command.RemoveService command, Turn turn) {
        if (turn.view().services().find(command.id()).isEmpty()) {
            return Answers.missing("service", command.id());
        }
        turn.delete(Kind.SERVICE, command.id());
        return Answers.done(command.id());
    }
}
