package io.panal.node.engine;

import io.panal.core.api.Portraits;
import io.panal.core.api.Standing;
import io.panal.core.codec.Codec;
import io.panal.core.model.Node;
import io.panal.core.store.View;
import io.panal.node.containers.Container;
import io.panal.node.containers.ContainerState;
import io.panal.node.containers.Containers;
import io.panal.node.http.Call;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/info` and `/system/df`.
final class InfoCalls {
    /// As much as the swarm's log needs.
    private static final long FREE_MEBIBYTES_MIN = 48;
    private static final String HUB = "https://index.docker.io/v1/";

    private final EngineFacts facts;
    private final Swarm swarm;
    private final Containers containers;
    private final Volumes volumes;
    private final EventFeed events;
    private final ContainerPortraits portraits;

    InfoCalls(EngineFacts facts, Swarm swarm, HostParts host, Volumes volumes, EventFeed events) {
        this.facts = facts;
        this.swarm = swarm;
        this.containers = host.containers();
        this.volumes = volumes;
        this.portraits = host.portraits();
        this.events = events;
    }

    void routes(Router router) {
        router.on("GET", "/info", this::info).on("GET", "/system/df", this::usage);
    }

    private void info(Call call) throws IOException {
        HostFacts host = HostFacts.read();
        ObjectNode node = Replies.object();
        node.put("ID", facts.engineId());
        count(node);
        node.put("Images", new ImagePortraits(containers.images()).all().size());
        node.put("Driver", "overlayfs");
        node.putArray("DriverStatus").addArray().add("driver-type").add("io.containerd.snapshotter.v1");
        plugins(node.putObject("Plugins"));
        for (String able : List.of(
                "MemoryLimit",
                "SwapLimit",
                "CpuCfsPeriod",
                "CpuCfsQuota",
                "CPUShares",
                "CPUSet",
                "PidsLimit",
                "IPv4Forwarding",
                "OomKillDisable")) {
            node.put(able, true);
        }
        node.put("Debug", false);
        node.put("NFd", openFiles());
        node.put("NGoroutines", Thread.activeCount());
        node.put("SystemTime", Instant.now().toString());
        node.put("LoggingDriver", "json-file");
        node.put("CgroupDriver", "cgroupfs");
        node.put("CgroupVersion", HostFacts.isCgroupUnified() ? "2" : "1");
        node.put("NEventsListener", events.listening());
        describe(node, host);
        ids(node);
        node.set("Swarm", swarm());
        node.put("LiveRestoreEnabled", true);
        node.put("Isolation", "");
        node.put("InitBinary", "tini");
        node.putArray("SecurityOptions").add("name=seccomp,profile=builtin");
        warn(node);
        Replies.json(call, 200, node);
    }

    private void warn(ObjectNode node) {
        long free = facts.dataRoot().toFile().getUsableSpace() >> 20;
        if (free < FREE_MEBIBYTES_MIN) {
            node.putArray("Warnings")
                    .add(
                            ("WARNING: the disk of %s is full: %d MiB free. What runs goes on; nothing new is kept until there"
                                            + " is room")
                                    .formatted(facts.dataRoot(), free));
        } else {
            node.putNull("Warnings");
        }
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private void count(ObjectNode node) {
        int running = 0;
        int paused = 0;
        List<Container> all = containers.list();
        for (Container container : all) {
            if (container.state() instanceof ContainerState.Running state) {
                running += state.paused() ? 0 : 1;
                paused += state.paused() ? 1 : 0;
            }
        }
        node.put("Containers", all.size());
        node.put("ContainersRunning", running);
        node.put("ContainersPaused", paused);
        node.put("ContainersStopped", all.size() - running - paused);
    }

    private static void plugins(ObjectNode node) {
        node.putArray("Volume").add("local");
        ArrayNode network = node.putArray("Network");
        List.of("bridge", "host", "null", "overlay").forEach(network::add);
        node.putNull("Authorization");
        node.putArray("Log").add("json-file");
    }

    private void describe(ObjectNode node, HostFacts host) {
        node.put("KernelVersion", host.kernel());
        node.put("OperatingSystem", host.system());
        node.put("OSVersion", host.systemVersion());
        node.put("OSType", "linux");
        node.put("Architecture", HostFacts.machine());
        node.put("IndexServerAddress", HUB);
        ObjectNode registries = node.putObject("RegistryConfig");
        ArrayNode ranges = registries.putArray("InsecureRegistryCIDRs");
        facts.insecureRegistries().forEach(ranges::add);
        ObjectNode hub = registries.putObject("IndexConfigs").putObject("docker.io");
        hub.put("Name", "docker.io");
        hub.putArray("Mirrors");
        hub.put("Secure", true);
        hub.put("Official", true);
        registries.putArray("Mirrors");
        node.put("NCPU", host.cpus());
        node.put("MemTotal", host.memoryBytes());
        node.putNull("GenericResources");
        node.put("DockerRootDir", facts.dataRoot().toString());
        node.put("HttpProxy", "");
        node.put("HttpsProxy", "");
        node.put("NoProxy", "");
        node.put("Name", host.hostname());
        ArrayNode labels = node.putArray("Labels");
        facts.labels().forEach((name, value) -> labels.add(name + "=" + value));
        node.put("ExperimentalBuild", false);
        node.put("ServerVersion", facts.version());
    }

    private void ids(ObjectNode node) {
        node.putObject("Runtimes").putObject("runc").put("path", "runc");
        node.put("DefaultRuntime", "runc");
        node.putObject("ContainerdCommit").put("ID", facts.containerdVersion());
        node.putObject("RuncCommit").put("ID", facts.runcVersion());
        node.putObject("InitCommit").put("ID", "");
    }

    /// Answers without quorum too: what cannot be read is left out, and the reason is told.
    private ObjectNode swarm() {
        // Asked first: it waits until a membership of before a restart is in force again.
        Standing standing = swarm.standing();
        Swarm.Membership membership = swarm.membership();
        ObjectNode node = Replies.object();
        node.put("NodeID", membership.nodeId());
        node.put("NodeAddr", membership.nodeAddress());
        node.put("LocalNodeState", membership.state());
        node.put("ControlAvailable", membership.control());
        node.put("Error", membership.error());
        if (membership.managers().isEmpty()) {
            node.putNull("RemoteManagers");
        } else {
            ArrayNode managers = node.putArray("RemoteManagers");
            membership
                    .managers()
                    .forEach(peer ->
                            managers.addObject().put("NodeID", peer.nodeId()).put("Addr", peer.address()));
        }
        if (standing instanceof Standing.Manager && membership.error().isEmpty()) {
            try {
                addState(node, swarm.view());
            } catch (Refusal refusal) {
                node.put("Error", refusal.message());
            } catch (IOException failure) {
                node.put("Error", String.valueOf(failure.getMessage()));
            }
        }
        return node;
    }

    private static void addState(ObjectNode node, View view) {
        node.put("Nodes", view.nodes().size());
        node.put("Managers", view.nodes().all().stream().filter(Node::isManager).count());
        view.cluster().ifPresent(cluster -> node.set("Cluster", Portraits.cluster(cluster)));
    }

    private void usage(Call call) throws IOException {
        ObjectNode node = Replies.object();
        ArrayNode images = node.putArray("Images");
        long size = 0;
        for (ImagePortraits.Shown shown : new ImagePortraits(containers.images()).all()) {
            long users = containers.list().stream()
                    .filter(container -> container.image().equals(shown.image().digest()))
                    .count();
            images.add(ImagePortraits.listed(shown, users).put("SharedSize", 0));
            size += shown.image().sizeBytes();
        }
        node.put("LayersSize", size);
        ArrayNode own = node.putArray("Containers");
        for (Container container : containers.list()) {
            ObjectNode one = portraits.listed(container);
            portraits.measure(one, container);
            own.add(one);
        }
        ArrayNode stores = node.putArray("Volumes");
        for (Volumes.Volume volume : volumes.list()) {
            ObjectNode one = stores.addObject();
            one.put("Name", volume.name());
            one.put("Driver", "local");
            one.put("Mountpoint", volume.data().toString());
            one.put("Scope", "local");
            one.set("CreatedAt", Codec.JSON.tree(volume.createdAt()));
            one.set("Labels", Codec.JSON.tree(volume.labels()));
            String data = volume.data().toString();
            long users = containers.list().stream()
                    .filter(container -> ContainerVolumes.uses(container, data))
                    .count();
            one.putObject("UsageData").put("Size", volume.bytes()).put("RefCount", users);
        }
        node.putArray("BuildCache");
        Replies.json(call, 200, node);
    }
}
