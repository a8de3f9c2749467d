package io.panal.node.engine;

import io.panal.core.codec.Codec;
import io.panal.node.containers.ContainerPlan;
import io.panal.node.containers.HostPlan;
import io.panal.node.containers.Limits;
import io.panal.node.containers.LogPlan;
import io.panal.node.containers.SecurityPlan;
import java.util.Collection;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `HostConfig` of a container as the Engine API shows it: every field that a dockerd has, whether it was asked for or
/// not, since clients read them without looking whether they are there.
final class HostConfigs {
    private static final List<String> LISTS = List.of(
            "Binds",
            "VolumesFrom",
            "Dns",
            "DnsOptions",
            "DnsSearch",
            "ExtraHosts",
            "Links",
            "SecurityOpt",
            "BlkioWeightDevice",
            "BlkioDeviceReadBps",
            "BlkioDeviceWriteBps",
            "BlkioDeviceReadIOps",
            "BlkioDeviceWriteIOps",
            "Devices",
            "DeviceCgroupRules",
            "DeviceRequests",
            "MemorySwappiness");
    private static final List<String> TEXTS = List.of(
            "ContainerIDFile",
            "VolumeDriver",
            "Cgroup",
            "PidMode",
            "UTSMode",
            "UsernsMode",
            "Isolation",
            "CgroupParent",
            "CpusetCpus",
            "CpusetMems");
    private static final List<String> NUMBERS = List.of(
            "OomScoreAdj",
            "CpuShares",
            "BlkioWeight",
            "CpuPeriod",
            "CpuQuota",
            "CpuRealtimePeriod",
            "CpuRealtimeRuntime",
            "MemoryReservation",
            "MemorySwap",
            "CpuCount",
            "CpuPercent",
            "IOMaximumIOps",
            "IOMaximumBandwidth");

    private HostConfigs() {}

    static ObjectNode shown(ContainerPlan plan, ContainerDetails details) {
        ObjectNode node = usual(details.task().isEmpty() ? "no" : "");
        node.setAll(details.hostConfig().deepCopy());
        HostPlan host = plan.host();
        node.set("LogConfig", log(host.log(), node.path("LogConfig")));
        node.put("NetworkMode", details.networkMode());
        node.put("AutoRemove", details.isAutoRemoved());
        node.put("ReadonlyRootfs", host.security().readOnly());
        node.put("Privileged", host.security().privileged());
        list(node, "CapAdd", host.security().capabilitiesAdded());
        list(node, "CapDrop", host.security().capabilitiesDropped());
        list(node, "GroupAdd", host.security().groups());
        if (host.security().sysctls().isEmpty()) {
            node.remove("Sysctls");
        } else {
            node.set("Sysctls", Codec.JSON.tree(host.security().sysctls()));
        }
        ArrayNode ulimits = node.putArray("Ulimits");
        for (Limits.Ulimit limit : host.limits().ulimits()) {
            ulimits.addObject()
                    .put("Name", limit.name())
                    .put("Hard", limit.hard())
                    .put("Soft", limit.soft());
        }
        node.put("ShmSize", host.limits().sharedMemoryBytes());
        node.put("Runtime", "runc");
        node.put("Memory", host.limits().memoryBytes());
        if (node.path("MemorySwap").asLong(0) == 0) {
            // As much swap again.
            node.put("MemorySwap", 2 * host.limits().memoryBytes());
        }
        node.put("CgroupnsMode", HostFacts.isCgroupUnified() ? "private" : "host");
        node.put("NanoCpus", host.limits().nanoCpus());
        if (host.limits().pids() == 0) {
            node.putNull("PidsLimit");
        } else {
            node.put("PidsLimit", host.limits().pids());
        }
        node.put("Init", host.init());
        if (host.security().privileged()) {
            node.putNull("MaskedPaths");
            node.putNull("ReadonlyPaths");
        }
        return node;
    }

    /// As of a container of which nothing was asked.
    private static ObjectNode usual(String restartPolicy) {
        ObjectNode node = Replies.object();
        LISTS.forEach(node::putNull);
        TEXTS.forEach(key -> node.put(key, ""));
        NUMBERS.forEach(key -> node.put(key, 0));
        node.putObject("PortBindings");
        node.putObject("RestartPolicy").put("Name", restartPolicy).put("MaximumRetryCount", 0);
        node.put("PublishAllPorts", false);
        node.put("OomKillDisable", false);
        node.put("IpcMode", "private");
        node.putArray("ConsoleSize").add(0).add(0);
        node.set("MaskedPaths", Codec.JSON.tree(SecurityPlan.MASKED));
        node.set("ReadonlyPaths", Codec.JSON.tree(SecurityPlan.READ_ONLY));
        return node;
    }

    private static void list(ObjectNode node, String key, Collection<String> words) {
        if (words.isEmpty()) {
            node.putNull(key);
        } else {
            node.set(key, Codec.JSON.tree(words));
        }
    }

    /// @param asked what its user said of its log; nothing for a task's container
    private static ObjectNode log(LogPlan plan, JsonNode asked) {
        ObjectNode log = Replies.object();
        String driver = asked.path("Type").asString("");
        log.put("Type", driver.isEmpty() ? plan.kept() ? "json-file" : "none" : driver);
        if (asked.path("Config") instanceof ObjectNode options) {
            log.set("Config", options.deepCopy());
            return log;
        }
        ObjectNode options = log.putObject("Config");
        if (plan.maxBytes() > 0) {
            options.put("max-size", Long.toString(plan.maxBytes()));
        }
        if (plan.maxFiles() > 1) {
            options.put("max-file", Integer.toString(plan.maxFiles()));
        }
        return log;
    }
}
