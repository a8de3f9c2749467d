package io.panal.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a user wants of a service (Engine API, ServiceSpec).
@JsonInclude(Include.NON_EMPTY)
public record ServiceSpec(
        @JsonInclude(Include.ALWAYS) String name,
        @JsonInclude(Include.ALWAYS) Map<String, String> labels,
        @JsonInclude(Include.ALWAYS) TaskSpec taskTemplate,
        @JsonInclude(Include.ALWAYS) Mode mode,
        Optional<UpdateConfig> updateConfig,
        Optional<UpdateConfig> rollbackConfig,
        List<TaskSpec.NetworkTarget> networks,
        Optional<EndpointSpec> endpointSpec) {
    /// What an unset update configuration means (Docker 20.10, `insertDefaults=true`).
    public static final UpdateConfig DEFAULT_UPDATE = new UpdateConfig(
            1, Optional.empty(), FailureAction.PAUSE, Optional.of(Duration.ofSeconds(5)), 0, Order.STOP_FIRST);

    public ServiceSpec {
        labels = Labels.sorted(labels);
        mode = mode == null ? Mode.REPLICATED_ONCE : mode;
        networks = List.copyOf(networks);
    }

    /// The networks asked for; newer clients write them in the task template, older ones beside it.
    public List<TaskSpec.NetworkTarget> wantedNetworks() {
        return taskTemplate.networks().isEmpty() ? networks : taskTemplate.networks();
    }

    public List<PortConfig> ports() {
        return endpointSpec.map(EndpointSpec::ports).orElse(List.of());
    }

    public List<PortConfig> hostPorts() {
        return ports().stream()
                .filter(port -> port.publishMode() == PortConfig.PublishMode.HOST)
                .toList();
    }

    public List<PortConfig> ingressPorts() {
        return ports().stream()
                .filter(port -> port.publishMode() == PortConfig.PublishMode.INGRESS)
                .toList();
    }

    /// How many tasks, and where. An object with one key: `{"Replicated": {"Replicas": 3}}`.
    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
    public sealed interface Mode {
        Mode REPLICATED_ONCE = new Replicated(Optional.of(1L));

        /// @param replicas 1 when empty
        @JsonInclude(Include.NON_EMPTY)
        record Replicated(@Unsigned Optional<Long> replicas) implements Mode {
            public long count() {
                return replicas.orElse(1L);
            }
        }

        record Global() implements Mode {}

        /// @param maxConcurrent tasks at once; as many as must end when empty
        /// @param totalCompletions tasks that must have ended well; as many as run at once when empty
        @JsonInclude(Include.NON_EMPTY)
        record ReplicatedJob(
                @Unsigned Optional<Long> maxConcurrent,
                @Unsigned Optional<Long> totalCompletions) implements Mode {}

        record GlobalJob() implements Mode {}
    }

    /// @param parallelism tasks at once; 0 is all
    /// @param maxFailureRatio 0 to 1
    @JsonInclude(Include.NON_EMPTY)
    public record UpdateConfig(
            @Unsigned @JsonInclude(Include.ALWAYS) long parallelism,
            Optional<Duration> delay,
            FailureAction failureAction,
            Optional<Duration> monitor,
            @JsonInclude(Include.ALWAYS) double maxFailureRatio,
            Order order) {
        public UpdateConfig {
            failureAction = failureAction == null ? FailureAction.PAUSE : failureAction;
            order = order == null ? Order.STOP_FIRST : order;
        }
    }

    /// What happens when too many new tasks fail.
    public enum FailureAction {
        PAUSE,
        CONTINUE,
        ROLLBACK;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        public static FailureAction of(String word) {
            return word.isEmpty() ? PAUSE : valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /// Whether the old task ends before the new one starts.
    public enum Order {
        STOP_FIRST,
        START_FIRST;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        @JsonCreator
        public static Order of(String word) {
            return word.isEmpty()
                    ? STOP_FIRST
                    : valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }

    /// @param mode vip or dnsrr; empty means vip
    @JsonInclude(Include.NON_EMPTY)
    public record EndpointSpec(String mode, List<PortConfig> ports) {
        public EndpointSpec {
            ports = List.copyOf(ports);
        }
    }
}
