package io.panal.node.containers;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The capabilities a container gets. Source: capabilities(7) and docker's default list.
final class Capabilities {
    /// In the kernel's order: a capability's place is its number.
    private static final List<String> ALL = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_DAC_READ_SEARCH",
            "CAP_FOWNER",
            "CAP_FSETID",
            "CAP_KILL",
            "CAP_SETGID",
            "CAP_SETUID",
            "CAP_SETPCAP",
            "CAP_LINUX_IMMUTABLE",
            "CAP_NET_BIND_SERVICE",
            "CAP_NET_BROADCAST",
            "CAP_NET_ADMIN",
            "CAP_NET_RAW",
            "CAP_IPC_LOCK",
            "CAP_IPC_OWNER",
            "CAP_SYS_MODULE",
            "CAP_SYS_RAWIO",
            "CAP_SYS_CHROOT",
            "CAP_SYS_PTRACE",
            "CAP_SYS_PACCT",
            "CAP_SYS_ADMIN",
            "CAP_SYS_BOOT",
            "CAP_SYS_NICE",
            "CAP_SYS_RESOURCE",
            "CAP_SYS_TIME",
            "CAP_SYS_TTY_CONFIG",
            "CAP_MKNOD",
            "CAP_LEASE",
            "CAP_AUDIT_WRITE",
            "CAP_AUDIT_CONTROL",
            "CAP_SETFCAP",
            "CAP_MAC_OVERRIDE",
            "CAP_MAC_ADMIN",
            "CAP_SYSLOG",
            "CAP_WAKE_ALARM",
            "CAP_BLOCK_SUSPEND",
            "CAP_AUDIT_READ",
            "CAP_PERFMON",
            "CAP_BPF",
            "CAP_CHECKPOINT_RESTORE");

    private static final List<String> STANDARD = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_FSETID",
            "CAP_FOWNER",
            "CAP_MKNOD",
            "CAP_NET_RAW",
            "CAP_SETGID",
            "CAP_SETUID",
            "CAP_SETFCAP",
            "CAP_SETPCAP",
            "CAP_NET_BIND_SERVICE",
            "CAP_SYS_CHROOT",
            "CAP_KILL",
            "CAP_AUDIT_WRITE");

    private Capabilities() {}

    /// @param available bit mask of what this host's root has: more cannot be given
    static List<String> of(SecurityPlan plan, long available) throws ContainersException {
        Set<String> given = new LinkedHashSet<>(plan.privileged() ? ALL : STANDARD);
        for (var name : names(plan.capabilitiesDropped())) {
            if (name.equals("ALL")) {
                given.clear();
            }
            given.remove(name);
        }
        for (var name : names(plan.capabilitiesAdded())) {
            if (name.equals("ALL")) {
                given.addAll(ALL);
            } else {
                given.add(name);
            }
        }
        given.removeIf(name -> (available >> ALL.indexOf(name) & 1) == 0);
        return List.copyOf(given);
    }

    private static List<String> names(List<String> written) throws ContainersException {
        var names = new ArrayList<String>();
        for (var text : written) {
            var upper = text.toUpperCase(Locale.ROOT);
            var name = upper.equals("ALL") || upper.startsWith("CAP_") ? upper : "CAP_" + upper;
            if (!name.equals("ALL") && !ALL.contains(name)) {
                throw new ContainersException(
                        ContainersException.Reason.INVALID, "invalid capability: \"%s\"".formatted(text));
            }
            names.add(name);
        }
        return names;
    }
}
