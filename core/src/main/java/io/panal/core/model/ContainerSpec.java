package io.panal.core.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The container of a task (Engine API, ContainerSpec): comes back as it was sent.
///
/// @param command replaces the image's entry point
/// @param args replace the image's command
/// @param stopGracePeriod between the stop signal and the kill; 10 s when empty
@JsonInclude(Include.NON_EMPTY)
public record ContainerSpec(
        String image,
        Map<String, String> labels,
        List<String> command,
        List<String> args,
        String hostname,
        List<String> env,
        String dir,
        String user,
        List<String> groups,
        Optional<Privileges> privileges,
        Optional<Boolean> init,
        String stopSignal,
        @JsonInclude(Include.NON_DEFAULT) boolean tty,
        @JsonInclude(Include.NON_DEFAULT) boolean openStdin,
        @JsonInclude(Include.NON_DEFAULT) boolean readOnly,
        List<Mount> mounts,
        Optional<Duration> stopGracePeriod,
        Optional<HealthConfig> healthcheck,
        List<String> hosts,
        @JsonProperty("DNSConfig") Optional<DnsConfig> dnsConfig,
        List<SecretReference> secrets,
        List<ConfigReference> configs,
        String isolation,
        Map<String, String> sysctls,
        List<String> capabilityAdd,
        List<String> capabilityDrop,
        List<Ulimit> ulimits,
        @JsonInclude(Include.NON_DEFAULT) long oomScoreAdj) {
    /// Docker's, between the stop signal and the kill.
    public static final Duration DEFAULT_GRACE = Duration.ofSeconds(10);

    public ContainerSpec {
        labels = Labels.sorted(labels);
        command = List.copyOf(command);
        args = List.copyOf(args);
        env = List.copyOf(env);
        groups = List.copyOf(groups);
        mounts = List.copyOf(mounts);
        hosts = List.copyOf(hosts);
        secrets = List.copyOf(secrets);
        configs = List.copyOf(configs);
        sysctls = Labels.sorted(sysctls);
        capabilityAdd = List.copyOf(capabilityAdd);
        capabilityDrop = List.copyOf(capabilityDrop);
        ulimits = List.copyOf(ulimits);
    }

    public Duration grace() {
        return stopGracePeriod.orElse(DEFAULT_GRACE);
    }

    @JsonInclude(Include.NON_EMPTY)
    public record Privileges(
            Optional<Map<String, String>> credentialSpec,
            @JsonProperty("SELinuxContext") Optional<SelinuxContext> selinuxContext,
            Optional<Profile> seccomp,
            Optional<Profile> appArmor,
            @JsonInclude(Include.NON_DEFAULT) boolean noNewPrivileges) {
        @JsonInclude(Include.NON_DEFAULT)
        public record SelinuxContext(boolean disable, String user, String role, String type, String level) {}

        /// @param mode default, unconfined, disabled or custom
        /// @param profile base 64 of a custom seccomp profile
        @JsonInclude(Include.NON_EMPTY)
        public record Profile(String mode, String profile) {}
    }

    /// @param type bind, volume, tmpfs, npipe, cluster or image
    @JsonInclude(Include.NON_EMPTY)
    public record Mount(
            String type,
            String source,
            String target,
            @JsonInclude(Include.NON_DEFAULT) boolean readOnly,
            String consistency,
            Optional<BindOptions> bindOptions,
            Optional<VolumeOptions> volumeOptions,
            Optional<TmpfsOptions> tmpfsOptions) {
        @JsonInclude(Include.NON_EMPTY)
        public record BindOptions(
                String propagation,
                @JsonInclude(Include.NON_DEFAULT) boolean nonRecursive,
                @JsonInclude(Include.NON_DEFAULT) boolean createMountpoint) {}

        @JsonInclude(Include.NON_EMPTY)
        public record VolumeOptions(
                @JsonInclude(Include.NON_DEFAULT) boolean noCopy,
                Map<String, String> labels,
                String subpath,
                Optional<LogDriverLike> driverConfig) {
            public VolumeOptions {
                labels = Labels.sorted(labels);
            }
        }

        /// A driver's name and options.
        @JsonInclude(Include.NON_EMPTY)
        public record LogDriverLike(String name, Map<String, String> options) {
            public LogDriverLike {
                options = Labels.sorted(options);
            }
        }

        /// @param mode of the file system's root, as a number
        @JsonInclude(Include.NON_EMPTY)
        public record TmpfsOptions(
                @JsonInclude(Include.NON_DEFAULT) long sizeBytes,
                @Unsigned @JsonInclude(Include.NON_DEFAULT) int mode) {}
    }

    /// @param test empty inherits the image's; `NONE` switches it off; else `CMD ...` or `CMD-SHELL ...`
    @JsonInclude(Include.NON_EMPTY)
    public record HealthConfig(
            List<String> test,
            Optional<Duration> interval,
            Optional<Duration> timeout,
            Optional<Duration> startPeriod,
            Optional<Duration> startInterval,
            @JsonInclude(Include.NON_DEFAULT) int retries) {
        public HealthConfig {
            test = List.copyOf(test);
        }
    }

    @JsonInclude(Include.NON_EMPTY)
    public record DnsConfig(List<String> nameservers, List<String> search, List<String> options) {
        public DnsConfig {
            nameservers = List.copyOf(nameservers);
            search = List.copyOf(search);
            options = List.copyOf(options);
        }
    }

    /// Where a secret or config appears in the container.
    @JsonInclude(Include.NON_EMPTY)
    public record FileTarget(
            String name,
            String uid,
            String gid,
            @Unsigned @JsonInclude(Include.NON_DEFAULT) int mode) {}

    @JsonInclude(Include.NON_EMPTY)
    public record SecretReference(Optional<FileTarget> file, String secretId, String secretName) {}

    @JsonInclude(Include.NON_EMPTY)
    public record ConfigReference(Optional<FileTarget> file, String configId, String configName) {}

    public record Ulimit(String name, long hard, long soft) {}
}
