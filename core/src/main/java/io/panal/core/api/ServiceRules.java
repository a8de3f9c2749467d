package io.panal.core.api;

import io.panal.core.model.ContainerSpec;
import io.panal.core.model.PortConfig;
import io.panal.core.model.ServiceSpec;
import io.panal.core.model.TaskSpec;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What makes a service's spec wrong in itself, in swarmkit's order and words (manager/controlapi/service.go).
final class ServiceRules {
    private static final Pattern DNS_NAME = Pattern.compile("[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*");
    private static final Pattern IMAGE = Pattern.compile(
            "(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9.-]*[a-zA-Z0-9]|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?/)?"
                    + "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*"
                    + "(?::\\w[\\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?");
    private static final Pattern CONSTRAINT_KEY = Pattern.compile("(?i)[a-z_][a-z0-9\\-_.]+");
    private static final Pattern CONSTRAINT_VALUE = Pattern.compile("(?i)[a-z0-9:\\-_\\s.*()?+\\[\\]\\\\^$|/]+");
    private static final long LEAST_CPU = 1_000_000;
    private static final long LEAST_MEMORY = 4L << 20;

    private ServiceRules() {}

    static void check(ServiceSpec spec) {
        checkName(spec.name());
        checkTask(spec.taskTemplate());
        spec.updateConfig().ifPresent(ServiceRules::checkUpdate);
        spec.rollbackConfig().ifPresent(ServiceRules::checkUpdate);
        spec.endpointSpec().ifPresent(ServiceRules::checkEndpoint);
    }

    /// Of a service or network.
    static void checkName(String name) {
        if (name.isEmpty()) {
            throw ApiRefusal.invalid("meta: name must be provided");
        }
        if (!DNS_NAME.matcher(name).matches()) {
            throw ApiRefusal.invalid("name must be valid as a DNS name component");
        }
        if (name.length() > 63) {
            throw ApiRefusal.invalid("name must be 63 characters or fewer");
        }
    }

    private static void checkTask(TaskSpec task) {
        task.resources().ifPresent(resources -> {
            resources.limits().ifPresent(limit -> checkAmounts(limit.nanoCpus(), limit.memoryBytes()));
            resources.reservations().ifPresent(kept -> checkAmounts(kept.nanoCpus(), kept.memoryBytes()));
        });
        task.restartPolicy().ifPresent(policy -> {
            refuseNegative(policy.delay(), "TaskSpec: restart-delay cannot be negative");
            refuseNegative(policy.window(), "TaskSpec: restart-window cannot be negative");
        });
        task.placement().ifPresent(placement -> placement.constraints().forEach(ServiceRules::checkConstraint));
        task.containerSpec().ifPresent(ServiceRules::checkContainer);
    }

    private static void checkAmounts(long nanoCpus, long memoryBytes) {
        if (nanoCpus != 0 && nanoCpus < LEAST_CPU) {
            throw ApiRefusal.invalid(
                    "invalid cpu value %s: Must be at least 0.001".formatted(shortest(nanoCpus / 1e9)));
        }
        if (memoryBytes != 0 && memoryBytes < LEAST_MEMORY) {
            throw ApiRefusal.invalid("invalid memory value %d: Must be at least 4MiB".formatted(memoryBytes));
        }
    }

    private static String shortest(double value) {
        return new BigDecimal(String.format(Locale.ROOT, "%.6g", value))
                .stripTrailingZeros()
                .toPlainString();
    }

    private static void refuseNegative(Optional<Duration> duration, String refusal) {
        if (duration.filter(Duration::isNegative).isPresent()) {
            throw ApiRefusal.invalid(refusal);
        }
    }

    /// swarmkit's constraint parser returns a plain error, which docker answers with 500.
    private static void checkConstraint(String constraint) {
        int at = constraint.indexOf("==") >= 0 ? constraint.indexOf("==") : constraint.indexOf("!=");
        if (at < 0) {
            throw unknown("constraint expected one operator from ==, !=");
        }
        String key = constraint.substring(0, at).strip();
        String value = constraint.substring(at + 2).strip();
        if (!CONSTRAINT_KEY.matcher(key).matches()) {
            throw unknown("key '%s' is invalid".formatted(key));
        }
        if (!CONSTRAINT_VALUE.matcher(value).matches()) {
            throw unknown("value '%s' is invalid".formatted(value));
        }
    }

    private static ApiRefusal unknown(String why) {
        return new ApiRefusal(500, "rpc error: code = Unknown desc = " + why);
    }

    private static void checkContainer(ContainerSpec container) {
        if (container.image().isEmpty()) {
            throw ApiRefusal.invalid("ContainerSpec: image reference must be provided");
        }
        if (!IMAGE.matcher(container.image()).matches()) {
            throw ApiRefusal.invalid(
                    "ContainerSpec: \"%s\" is not a valid repository/tag".formatted(container.image()));
        }
        Set<String> targets = new TreeSet<>();
        for (ContainerSpec.Mount mount : container.mounts()) {
            if (!targets.add(mount.target())) {
                throw ApiRefusal.invalid("ContainerSpec: duplicate mount point: " + mount.target());
            }
        }
        container.healthcheck().ifPresent(ServiceRules::checkHealth);
    }

    private static void checkHealth(ContainerSpec.HealthConfig health) {
        checkLeast("Interval", health.interval());
        checkLeast("Timeout", health.timeout());
        if (health.retries() < 0) {
            throw ApiRefusal.invalid("ContainerSpec: Retries in HealthConfig cannot be negative");
        }
        checkLeast("StartPeriod", health.startPeriod());
    }

    private static void checkLeast(String what, Optional<Duration> duration) {
        if (duration.filter(given -> !given.isZero() && given.compareTo(Duration.ofMillis(1)) < 0)
                .isPresent()) {
            throw ApiRefusal.invalid("ContainerSpec: %s in HealthConfig cannot be less than 1ms".formatted(what));
        }
    }

    private static void checkUpdate(ServiceSpec.UpdateConfig update) {
        refuseNegative(update.delay(), "TaskSpec: update-delay cannot be negative");
        refuseNegative(update.monitor(), "TaskSpec: update-monitor cannot be negative");
        if (update.maxFailureRatio() < 0 || update.maxFailureRatio() > 1) {
            throw ApiRefusal.invalid("TaskSpec: update-maxfailureratio cannot be less than 0 or bigger than 1");
        }
    }

    private static void checkEndpoint(ServiceSpec.EndpointSpec endpoint) {
        Set<String> published = new TreeSet<>();
        for (PortConfig port : endpoint.ports()) {
            checkPort("target", port.targetPort(), 1);
            checkPort("published", port.publishedPort(), 0);
            if (endpoint.mode().equals("dnsrr") && port.publishMode() == PortConfig.PublishMode.INGRESS) {
                throw ApiRefusal.invalid(
                        "EndpointSpec: port published with ingress mode can't be used with dnsrr mode");
            }
            if (port.publishedPort() != 0
                    && !published.add(
                            port.publishedPort() + "/" + port.protocol().word())) {
                throw ApiRefusal.invalid("EndpointSpec: duplicate published ports provided");
            }
        }
    }

    /// Docker leaves this to its command line; a spec of any other client would publish nothing, without a word.
    private static void checkPort(String which, int port, int least) {
        if (port < least || port > 65535) {
            throw ApiRefusal.invalid(
                    "EndpointSpec: invalid %s port %d: must be from %d to 65535".formatted(which, port, least));
        }
    }
}
