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
            if (network.isEmpty() && !isOfNode(wanted.target())) {
                return Optional.of(new Answer.Missing("network %s not found".formatted(wanted.target())));
            }
            if (network.filter(found -> found.spec().ingress()).isPresent()) {
                return invalid("Service cannot be explicitly attached to the ingress network \"%s\""
                        .formatted(network.get().spec().name()));
            }
        }
        return Optional.empty();
    }

    /// Networks that every node has of its own.
    private static boolean isOfNode(String target) {
        return target.equals("host") || target.equals("bridge") || target.equals("none");
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
