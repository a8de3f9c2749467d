package io.panal.cli.system;

import io.panal.cli.command.Durations;
import io.panal.cli.json.Tree;
import io.panal.cli.table.Sizes;
import java.util.List;
import java.util.TreeSet;

/// The daemon's half of `info`.
final class ServerFacts {
    private static final long SECOND = 1_000_000_000L;

    private ServerFacts() {}

    static void append(Lines out, Tree info) {
        out.add(" Containers:", info.number("Containers"));
        out.add("  Running:", info.number("ContainersRunning"));
        out.add("  Paused:", info.number("ContainersPaused"));
        out.add("  Stopped:", info.number("ContainersStopped"));
        out.add(" Images:", info.number("Images"));
        out.addIf(" Server Version:", info, "ServerVersion");
        out.addIf(" Storage Driver:", info, "Driver");
        pairs(out, info, "DriverStatus", "  ");
        out.addIf(" Logging Driver:", info, "LoggingDriver");
        out.addIf(" Cgroup Driver:", info, "CgroupDriver");
        out.addIf(" Cgroup Version:", info, "CgroupVersion");
        out.add(" Plugins:");
        out.add("  Volume:", String.join(" ", info.texts("Plugins.Volume")));
        out.add("  Network:", String.join(" ", info.texts("Plugins.Network")));
        if (info.has("Plugins.Authorization")) {
            out.add("  Authorization:", String.join(" ", info.texts("Plugins.Authorization")));
        }
        out.add("  Log:", String.join(" ", info.texts("Plugins.Log")));
        swarm(out, info.tree("Swarm"));
        runtimes(out, info);
        host(out, info);
        registries(out, info);
    }

    private static void pairs(Lines out, Tree info, String path, String indentation) {
        if (info.at(path) instanceof List<?> pairs) {
            for (Object pair : pairs) {
                if (pair instanceof List<?> two && two.size() == 2) {
                    out.add(indentation + two.getFirst() + ":", two.getLast());
                }
            }
        }
    }

    private static void swarm(Lines out, Tree swarm) {
        String state = swarm.text("LocalNodeState");
        out.add(" Swarm:", state);
        if (state.isEmpty() || state.equals("inactive") || state.equals("locked")) {
            return;
        }
        out.add("  NodeID:", swarm.text("NodeID"));
        out.addIf("  Error:", swarm, "Error");
        boolean manager = swarm.isTrue("ControlAvailable");
        out.add("  Is Manager:", manager);
        if (manager && swarm.has("Cluster") && swarm.text("Error").isEmpty() && !state.equals("error")) {
            cluster(out, swarm, swarm.tree("Cluster"));
        }
        out.add("  Node Address:", swarm.text("NodeAddr"));
        var addresses = new TreeSet<String>();
        for (Tree peer : swarm.trees("RemoteManagers")) {
            addresses.add(peer.text("Addr"));
        }
        if (!addresses.isEmpty()) {
            out.add("  Manager Addresses:");
            for (String address : addresses) {
                out.add("   " + address);
            }
        }
    }

    private static void cluster(Lines out, Tree swarm, Tree cluster) {
        Tree spec = cluster.tree("Spec");
        out.add("  ClusterID:", cluster.text("ID"));
        out.add("  Managers:", swarm.number("Managers"));
        out.add("  Nodes:", swarm.number("Nodes"));
        if (cluster.has("DefaultAddrPool")) {
            out.add("  Default Address Pool:", String.join("  ", cluster.texts("DefaultAddrPool")) + "  ");
            out.add("  SubnetSize:", cluster.number("SubnetSize"));
        }
        if (cluster.number("DataPathPort") > 0) {
            out.add("  Data Path Port:", cluster.number("DataPathPort"));
        }
        out.add("  Orchestration:");
        out.add("   Task History Retention Limit:", spec.number("Orchestration.TaskHistoryRetentionLimit"));
        out.add("  Raft:");
        out.add("   Snapshot Interval:", spec.number("Raft.SnapshotInterval"));
        out.addIf("   Number of Old Snapshots to Retain:", spec, "Raft.KeepOldSnapshots");
        out.add("   Heartbeat Tick:", spec.number("Raft.HeartbeatTick"));
        out.add("   Election Tick:", spec.number("Raft.ElectionTick"));
        out.add("  Dispatcher:");
        out.add("   Heartbeat Period:", human(spec.number("Dispatcher.HeartbeatPeriod")));
        out.add("  CA Configuration:");
        out.add("   Expiry Duration:", human(spec.number("CAConfig.NodeCertExpiry")));
        out.add("   Force Rotate:", spec.number("CAConfig.ForceRotate"));
        for (Tree external : spec.trees("CAConfig.ExternalCAs")) {
            out.add("   External CAs:");
            out.add("     " + external.text("Protocol") + ": " + external.text("URL"));
        }
        out.add("  Autolock Managers:", spec.isTrue("EncryptionConfig.AutoLockManagers"));
        out.add("  Root Rotation In Progress:", cluster.isTrue("RootRotationInProgress"));
    }

    private static String human(long nanoseconds) {
        return Durations.human(nanoseconds / SECOND);
    }

    private static void runtimes(Lines out, Tree info) {
        if (info.has("Runtimes")) {
            out.add(" Runtimes:", String.join(" ", info.tree("Runtimes").map().keySet()));
            out.add(" Default Runtime:", info.text("DefaultRuntime"));
        }
        out.add(" Init Binary:", info.text("InitBinary"));
        commit(out, info, "containerd", "ContainerdCommit");
        commit(out, info, "runc", "RuncCommit");
        commit(out, info, "init", "InitCommit");
        if (info.has("SecurityOptions") && !info.texts("SecurityOptions").isEmpty()) {
            out.add(" Security Options:");
            for (String option : info.texts("SecurityOptions")) {
                security(out, option);
            }
        }
    }

    private static void commit(Lines out, Tree info, String name, String path) {
        out.add(" " + name + " version:", info.text(path + ".ID"));
    }

    /// An option reads `name=seccomp,profile=default`.
    private static void security(Lines out, String option) {
        for (String part : option.split(",", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            String value = part.substring(equals + 1);
            if (name.equals("name")) {
                out.add("  " + value);
            } else {
                out.add("   " + Character.toUpperCase(name.charAt(0)) + name.substring(1) + ":", value);
            }
        }
    }

    private static void host(Lines out, Tree info) {
        out.addIf(" Kernel Version:", info, "KernelVersion");
        out.addIf(" Operating System:", info, "OperatingSystem");
        out.addIf(" OSType:", info, "OSType");
        out.addIf(" Architecture:", info, "Architecture");
        out.add(" CPUs:", info.number("NCPU"));
        out.add(" Total Memory:", Sizes.binary(info.number("MemTotal")));
        out.addIf(" Name:", info, "Name");
        out.addIf(" ID:", info, "ID");
        out.add(" Docker Root Dir:", info.text("DockerRootDir"));
        out.add(" Debug Mode:", info.isTrue("Debug"));
        out.addIf(" HTTP Proxy:", info, "HttpProxy");
        out.addIf(" HTTPS Proxy:", info, "HttpsProxy");
        out.addIf(" No Proxy:", info, "NoProxy");
        if (!info.texts("Labels").isEmpty()) {
            out.add(" Labels:");
            for (String label : info.texts("Labels")) {
                out.add("  " + label);
            }
        }
    }

    private static void registries(Lines out, Tree info) {
        out.add(" Experimental:", info.isTrue("ExperimentalBuild"));
        Tree configuration = info.tree("RegistryConfig");
        var insecure = new TreeSet<String>();
        for (var index : configuration.tree("IndexConfigs").map().entrySet()) {
            if (!Tree.of(index.getValue()).isTrue("Secure")) {
                insecure.add(index.getKey());
            }
        }
        if (info.has("RegistryConfig")) {
            out.add(" Insecure Registries:");
            for (String registry : insecure) {
                out.add("  " + registry);
            }
            for (String range : configuration.texts("InsecureRegistryCIDRs")) {
                out.add("  " + range);
            }
        }
        if (!configuration.texts("Mirrors").isEmpty()) {
            out.add(" Registry Mirrors:");
            for (String mirror : configuration.texts("Mirrors")) {
                out.add("  " + mirror);
            }
        }
        out.add(" Live Restore Enabled:", info.isTrue("LiveRestoreEnabled"));
        out.add("");
    }
}
