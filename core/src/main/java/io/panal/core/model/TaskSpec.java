package io.panal.core.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a task is made from (Engine API, TaskSpec).
@JsonInclude(Include.NON_EMPTY)
public record TaskSpec(
        Optional<ContainerSpec> containerSpec,
        Optional<ResourceRequirements> resources,
        Optional<RestartPolicy> restartPolicy,
        Optional<Placement> placement,
        List<NetworkTarget> networks,
        Optional<LogDriver> logDriver,
        @Unsigned @JsonInclude(Include.ALWAYS) long forceUpdate,
        String runtime) {
    public TaskSpec {
        networks = List.copyOf(networks);
    }

    /// What an unset restart policy means (Docker 20.10, `insertDefaults=true`).
    public static final RestartPolicy DEFAULT_RESTART = new RestartPolicy(
            Optional.of(RestartPolicy.Condition.ANY),
            Optional.of(Duration.ofSeconds(5)),
            Optional.of(0L),
            Optional.empty());

    public RestartPolicy restart() {
        return restartPolicy.orElse(DEFAULT_RESTART);
    }

    /// @param limits what its cgroup allows
    /// @param reservations what the scheduler sets aside
    @JsonInclude(Include.NON_EMPTY)
    public record ResourceRequirements(Optional<Limit> limits, Optional<Resources> reservations) {}

    /// @param nanoCpus billionths of a core; 0 is no limit
    /// @param memoryBytes 0 is no limit
    @JsonInclude(Include.NON_DEFAULT)
    public record Limit(
            @JsonInclude(Include.NON_DEFAULT) long nanoCpus,
            @JsonInclude(Include.NON_DEFAULT) long memoryBytes,
            @JsonInclude(Include.NON_DEFAULT) long pids) {}

    /// @param nanoCpus billionths of a core
    @JsonInclude(Include.NON_EMPTY)
    public record Resources(
            @JsonInclude(Include.NON_DEFAULT) long nanoCpus,
            @JsonInclude(Include.NON_DEFAULT) long memoryBytes,
            List<GenericResource> genericResources) {
        public Resources {
            genericResources = List.copyOf(genericResources);
        }
    }

    /// A counted or a named thing that a node has.
    @JsonInclude(Include.NON_EMPTY)
    public record GenericResource(Optional<Named> namedResourceSpec, Optional<Discrete> discreteResourceSpec) {
        public record Named(String kind, String value) {}

        public record Discrete(String kind, long value) {}
    }

    /// @param window within which attempts count; empty or zero counts all
    @JsonInclude(Include.NON_EMPTY)
    public record RestartPolicy(
            Optional<Condition> condition,
            Optional<Duration> delay,
            @Unsigned Optional<Long> maxAttempts,
            Optional<Duration> window) {
        /// When a task that ended is replaced.
        public enum Condition {
            NONE,
            ON_FAILURE,
            ANY;

            @com.fasterxml.jackson.annotation.JsonValue
            public String word() {
                return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
            }

            @com.fasterxml.jackson.annotation.JsonCreator
            public static Condition of(String word) {
                return word.isEmpty()
                        ? ANY
                        : valueOf(word.toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
            }
        }
    }

    /// @param constraints expressions: `node.role==manager`
    /// @param maxReplicas on one node; 0 is no limit
    @JsonInclude(Include.NON_EMPTY)
    public record Placement(
            List<String> constraints,
            List<Preference> preferences,
            @Unsigned @JsonInclude(Include.NON_DEFAULT) long maxReplicas,
            List<Platform> platforms) {
        public Placement {
            constraints = List.copyOf(constraints);
            preferences = List.copyOf(preferences);
            platforms = List.copyOf(platforms);
        }

        @JsonInclude(Include.NON_EMPTY)
        public record Preference(Optional<Spread> spread) {}

        /// @param spreadDescriptor a label: `node.labels.rack`
        public record Spread(String spreadDescriptor) {}
    }

    @JsonInclude(Include.NON_EMPTY)
    public record Platform(String architecture, String os) {}

    /// A network to be attached to, by id or name.
    @JsonInclude(Include.NON_EMPTY)
    public record NetworkTarget(String target, List<String> aliases, Map<String, String> driverOpts) {
        public NetworkTarget {
            aliases = List.copyOf(aliases);
            driverOpts = Labels.sorted(driverOpts);
        }
    }

    @JsonInclude(Include.NON_EMPTY)
    public record LogDriver(String name, Map<String, String> options) {
        public LogDriver {
            options = Labels.sorted(options);
        }
    }
}
