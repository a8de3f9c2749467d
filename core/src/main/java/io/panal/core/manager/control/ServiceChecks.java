package io.panal.core.manager.control;

import io.panal.core.manager.allocator.Attachments;
import io.panal.core.manager.scheduler.Constraint;
import io.panal.core.manager.turn.Limits;
import io.panal.core.model.ContainerSpec;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.ServiceSpec;
import io.panal.core.model.ServiceSpec.Mode;
import io.panal.core.model.TaskSpec;
import io.panal.core.store.View;
import java.util.List;
import java.util.Optional;

/// What is wrong with a service's spec in this cluster. What is wrong with it in itself was refused by the API.
final class ServiceChecks {
    private ServiceChecks() {}

    static Optional<Answer> refusal(ServiceSpec spec, View view, Limits limits) {
        return number(spec.mode(), limits)
                .or(() -> placement(spec.taskTemplate()))
                .or(() -> networks(spec, view))
                .or(() -> files(spec, view));
    }

    private static Optional<Answer> invalid(String why) {
        return Optional.of(Answers.invalid(why));
    }

    /// A slip of the finger is not to fill every manager's memory.
    private static Optional<Answer> number(Mode mode, Limits limits) {
        long tasks = switch (mode) {
            case Mode.Replicated replicated -> replicated.count();
            case Mode.ReplicatedJob job ->
                Math.max(job.totalCompletions().orElse(1L), job.maxConcurrent().orElse(1L));
            case Mode.Global _, Mode.GlobalJob _ -> 0;
        };
        return tasks > limits.tasksOfService()
                ? invalid("%d tasks are more than the %d that one service may have"
                        .formatted(tasks, limits.tasksOfService()))
                : Optional.empty();
    }

    private static Optional<Answer> placement(TaskSpec spec) {
        for (String expression :
                spec.placement().map(TaskSpec.Placement::constraints).orElse(List.of())) {
            try {
                Constraint.parse(expression);
            } catch (Constraint.Malformed malformed) {
                return Optional.of(new Answer.Refused("rpc error: code = Unknown desc = " + malformed.getMessage()));
            }
        }
        return Optional.empty();
    }

    private static Optional<Answer> networks(ServiceSpec spec, View view) {
        for (TaskSpec.NetworkTarget wanted : spec.wantedNetworks()) {
            Optional<Network> network = Attachments.resolved(wanted.target(), view);
            if (network.isEmpty()) {
                return Optional.of(new Answer.Missing("network %s not found".formatted(wanted.target())));
            }
            if (network.filter(found -> found.spec().ingress()).isPresent()) {
                return invalid("Service cannot be explicitly attached to the ingress network \"%s\""
                        .formatted(network.get().spec().name()));
            }
        }
        if (!spec.ingressPorts().isEmpty() && Attachments.ingress(view).isEmpty()) {
            return Optional.of(
                    Answers.precondition("service needs ingress network, but no ingress network is present"));
        }
        return hostAlone(spec, view);
    }

    /// In the host's network a task has no address of its own that a mesh or another network could lead to.
    private static Optional<Answer> hostAlone(ServiceSpec spec, View view) {
        boolean onHost = spec.wantedNetworks().stream()
                .flatMap(wanted -> Attachments.resolved(wanted.target(), view).stream())
                .anyMatch(network -> network.spec().driver().equals("host"));
        boolean alone = spec.wantedNetworks().size() == 1 && spec.ingressPorts().isEmpty();
        return onHost && !alone
                ? invalid("a service on network host cannot be on another network or publish ports through ingress:"
                        + " its tasks listen on their node's own ports")
                : Optional.empty();
    }

    private static Optional<Answer> files(ServiceSpec spec, View view) {
        Optional<ContainerSpec> container = spec.taskTemplate().containerSpec();
        for (var reference : container.map(ContainerSpec::secrets).orElse(List.of())) {
            if (reference.secretId().isEmpty()) {
                return invalid("malformed secret reference");
            }
            if (view.secrets().find(new Id<>(reference.secretId())).isEmpty()) {
                return invalid("secret not found: " + reference.secretName());
            }
        }
        for (var reference : container.map(ContainerSpec::configs).orElse(List.of())) {
            if (reference.configId().isEmpty()) {
                return invalid("malformed config reference");
            }
            if (view.configs().find(new Id<>(reference.configId())).isEmpty()) {
                return invalid("config not found: " + reference.configName());
            }
        }
        return Optional.empty();
    }
}
