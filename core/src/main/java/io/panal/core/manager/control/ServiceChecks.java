package io.panal.core.manager.control;

import io.panal.core.manager.allocator.Attachments;
import io.panal.core.manager.scheduler.Constraint;
import io.panal.core.model.ContainerSpec;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.PortConfig;
import io.panal.core.model.PortConfig.PublishMode;
import io.panal.core.model.ServiceSpec;
import io.panal.core.model.ServiceSpec.Mode;
import io.panal.core.model.TaskSpec;
import io.panal.core.store.View;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What is wrong with a service's spec, in Docker's words (swarmkit, `controlapi/service.go`).
final class ServiceChecks {
    private static final Pattern NAME = Pattern.compile("^[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*$");
    private static final int LONGEST_NAME = 63;
    private static final long LEAST_NANO_CPUS = 1_000_000;
    private static final long LEAST_MEMORY_BYTES = 4L << 20;

    private static final Pattern IMAGE = Pattern.compile(
            "^(?:[a-zA-Z0-9.-]+(?::[0-9]+)?/|\\[[a-fA-F0-9:]+\\](?::[0-9]+)?/)?"
                    + "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*"
                    + "(?::\\w[\\w.-]{0,127})?(?:@[a-zA-Z][a-zA-Z0-9]*(?:[-_+.][a-zA-Z][a-zA-Z0-9]*)*:[0-9a-fA-F]{32,})?$");

    private ServiceChecks() {}

    static Optional<Answer> refusal(ServiceSpec spec, View view) {
        Stream<Supplier<Optional<Answer>>> checks = Stream.of(
                () -> name(spec),
                () -> container(spec),
                () -> resources(spec.taskTemplate()),
                () -> restart(spec.taskTemplate()),
                () -> placement(spec.taskTemplate()),
                () -> spec.updateConfig().flatMap(ServiceChecks::update),
                () -> spec.rollbackConfig().flatMap(ServiceChecks::update),
                () -> mode(spec),
                () -> endpoint(spec),
                () -> networks(spec, view),
                () -> files(spec, view));
        return checks.flatMap(check -> check.get().stream()).findFirst();
    }

    private static Optional<Answer> invalid(String why) {
        return Optional.of(Answers.invalid(why));
    }

    private static Optional<Answer> name(ServiceSpec spec) {
        if (spec.name().isEmpty()) {
            return invalid("meta: name must be provided");
        }
        if (!NAME.matcher(spec.name()).matches()) {
            return invalid("name must be valid as a DNS name component");
        }
        return spec.name().length() > LONGEST_NAME
                ? invalid("name must be %d characters or fewer".formatted(LONGEST_NAME))
                : Optional.empty();
    }

    private static Optional<Answer> container(ServiceSpec spec) {
        Optional<ContainerSpec> container = spec.taskTemplate().containerSpec();
        if (container.isEmpty()) {
            return Optional.of(new Answer.Refused("mismatched Runtime and *Spec fields"));
        }
        String image = container.get().image();
        if (image.isEmpty()) {
            return invalid("ContainerSpec: image reference must be provided");
        }
        if (!IMAGE.matcher(image).matches()) {
            return invalid("ContainerSpec: \"%s\" is not a valid repository/tag".formatted(image));
        }
        NavigableSet<String> targets = new TreeSet<>();
        return container.get().mounts().stream()
                .filter(mount -> !targets.add(mount.target()))
                .findFirst()
                .flatMap(mount -> invalid("ContainerSpec: duplicate mount point: " + mount.target()));
    }

    private static Optional<Answer> resources(TaskSpec spec) {
        if (spec.resources().isEmpty()) {
            return Optional.empty();
        }
        var limits = spec.resources().get().limits();
        var reserved = spec.resources().get().reservations();
        return amounts(
                        limits.map(TaskSpec.Limit::nanoCpus).orElse(0L),
                        limits.map(TaskSpec.Limit::memoryBytes).orElse(0L))
                .or(() -> amounts(
                        reserved.map(TaskSpec.Resources::nanoCpus).orElse(0L),
                        reserved.map(TaskSpec.Resources::memoryBytes).orElse(0L)));
    }

    private static Optional<Answer> amounts(long nanoCpus, long memoryBytes) {
        if (nanoCpus != 0 && nanoCpus < LEAST_NANO_CPUS) {
            String cpus = BigDecimal.valueOf(nanoCpus, 9).stripTrailingZeros().toPlainString();
            return invalid("invalid cpu value %s: Must be at least 0.001".formatted(cpus));
        }
        return memoryBytes != 0 && memoryBytes < LEAST_MEMORY_BYTES
                ? invalid("invalid memory value %d: Must be at least 4MiB".formatted(memoryBytes))
                : Optional.empty();
    }

    private static boolean isNegative(Optional<Duration> duration) {
        return duration.filter(Duration::isNegative).isPresent();
    }

    private static Optional<Answer> restart(TaskSpec spec) {
        if (isNegative(spec.restart().delay())) {
            return invalid("TaskSpec: restart-delay cannot be negative");
        }
        return isNegative(spec.restart().window())
                ? invalid("TaskSpec: restart-window cannot be negative")
                : Optional.empty();
    }

    private static Optional<Answer> update(ServiceSpec.UpdateConfig update) {
        if (isNegative(update.delay())) {
            return invalid("TaskSpec: update-delay cannot be negative");
        }
        if (isNegative(update.monitor())) {
            return invalid("TaskSpec: update-monitor cannot be negative");
        }
        return update.maxFailureRatio() < 0 || update.maxFailureRatio() > 1
                ? invalid("TaskSpec: update-maxfailureratio cannot be less than 0 or bigger than 1")
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

    private static Optional<Answer> mode(ServiceSpec spec) {
        return switch (spec.mode()) {
            case Mode.Replicated replicated
            when replicated.count() < 0 -> invalid("Number of replicas must be non-negative");
            case Mode.ReplicatedJob job
            when job.maxConcurrent().orElse(0L) < 0 || job.totalCompletions().orElse(0L) < 0 ->
                invalid("Number of replicas must be non-negative");
            case Mode.Replicated _, Mode.Global _, Mode.ReplicatedJob _, Mode.GlobalJob _ -> Optional.empty();
        };
    }

    private static Optional<Answer> endpoint(ServiceSpec spec) {
        if (!Attachments.hasVirtualIps(spec) && !spec.ingressPorts().isEmpty()) {
            return invalid("EndpointSpec: port published with ingress mode can't be used with dnsrr mode");
        }
        NavigableSet<String> seen = new TreeSet<>();
        for (PortConfig port : spec.ports()) {
            if (port.targetPort() < 1 || port.targetPort() > 65535 || port.publishedPort() > 65535) {
                return invalid("EndpointSpec: a port is between 1 and 65535, not %d:%d"
                        .formatted(port.publishedPort(), port.targetPort()));
            }
            boolean isFixed = port.publishedPort() != 0 && port.publishMode() == PublishMode.INGRESS;
            if (isFixed && !seen.add(port.publishedPort() + port.protocol().word())) {
                return invalid("EndpointSpec: duplicate published ports provided");
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
            if (view.secrets().find(new Id<>(reference.secretId())).isEmpty()) {
                return invalid("secret not found: " + reference.secretName());
            }
        }
        for (var reference : container.map(ContainerSpec::configs).orElse(List.of())) {
            if (view.configs().find(new Id<>(reference.configId())).isEmpty()) {
                return invalid("config not found: " + reference.configName());
            }
        }
        return Optional.empty();
    }
}
