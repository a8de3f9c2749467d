package io.panal.node.containers;

import java.util.List;
import java.util.Map;

/// What a container may do. The starting point is docker's default set.
///
/// @param privileged      everything the host's root may: all capabilities and devices, nothing masked
/// @param readOnly        mount its root file system read-only
/// @param noNewPrivileges no set-user-id program raises its rights
/// @param seccomp         filter system calls with docker's default list; never applied when privileged
/// @param capabilitiesAdded   with or without `CAP_`; `ALL` for all
/// @param capabilitiesDropped as above; dropping wins over nothing, adding wins over dropping `ALL`
/// @param groups          names or numbers of further groups
/// @param sysctls         kernel parameters of its own namespaces
public record SecurityPlan(
        boolean privileged,
        boolean readOnly,
        boolean noNewPrivileges,
        boolean seccomp,
        List<String> capabilitiesAdded,
        List<String> capabilitiesDropped,
        List<String> groups,
        Map<String, String> sysctls) {
    /// What a container does not see, unless it is privileged.
    public static final List<String> MASKED = List.of(
            "/proc/asound",
            "/proc/acpi",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/sys/firmware",
            "/sys/devices/virtual/powercap");

    /// What a container cannot write, unless it is privileged.
    public static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    public SecurityPlan {
        capabilitiesAdded = List.copyOf(capabilitiesAdded);
        capabilitiesDropped = List.copyOf(capabilitiesDropped);
        groups = List.copyOf(groups);
        sysctls = Map.copyOf(sysctls);
    }

    /// Docker's defaults.
    public static SecurityPlan standard() {
        return new SecurityPlan(false, false, false, true, List.of(), List.of(), List.of(), Map.of());
    }
}
