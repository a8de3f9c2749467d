package io.panal.machines.store;

import static io.panal.machines.store.Json.object;

import io.panal.machines.model.Address;
import io.panal.machines.model.EngineOptions;
import io.panal.machines.model.Limits;
import io.panal.machines.model.Machine;
import io.panal.machines.model.MachineFailure;
import io.panal.machines.model.MachineName;
import io.panal.machines.model.MachinePlan;
import io.panal.machines.model.Subnet;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// A machine's record as docker-machine spells it (its ConfigVersion 3), so that scripts that read it find their
/// fields.
public final class Records {
    private static final long VERSION = 3;

    private Records() {}

    /// The record as a tree, also what `inspect` shows.
    public static Map<String, Object> write(Machine machine, Storage storage) {
        return object(
                "ConfigVersion",
                VERSION,
                "Driver",
                driver(machine, storage),
                "DriverName",
                "local",
                "HostOptions",
                object(
                        "Driver",
                        "",
                        "Memory",
                        0,
                        "Disk",
                        0,
                        "EngineOptions",
                        engine(machine.plan().engine()),
                        "SwarmOptions",
                        object("IsSwarm", false, "Address", "", "Discovery", "", "Master", false),
                        "AuthOptions",
                        authentication(machine, storage)),
                "Name",
                machine.name().text());
    }

    private static Map<String, Object> driver(Machine machine, Storage storage) {
        var limits = machine.plan().limits();
        return object(
                "IPAddress", machine.address().toString(),
                "MachineName", machine.name().text(),
                "SSHUser", "root",
                "StorePath", storage.path().toString(),
                "HostOnlyCIDR", machine.plan().subnet().toString(),
                "NanoCPUs", limits.nanoCpus(),
                "CPU", Math.ceilDiv(limits.nanoCpus(), 1_000_000_000L),
                "Memory", limits.memoryMegabytes(),
                "MemoryBytes", limits.memoryBytes(),
                "DiskSize", limits.diskMegabytes(),
                "DiskBytes", limits.diskBytes(),
                "Created", machine.createdAt().toString(),
                "Complete", machine.complete());
    }

    private static Map<String, Object> engine(EngineOptions engine) {
        return object(
                "ArbitraryFlags", engine.flags(),
                "Env", engine.environment(),
                "InsecureRegistry", engine.insecureRegistries(),
                "Labels", engine.labels(),
                "RegistryMirror", engine.registryMirrors(),
                "StorageDriver", engine.storageDriver(),
                "TlsVerify", true);
    }

    private static Map<String, Object> authentication(Machine machine, Storage storage) {
        var shared = storage.certificates();
        var own = storage.folder(machine.name()).path();
        return object(
                "CertDir", shared.toString(),
                "CaCertPath", shared.resolve("ca.pem").toString(),
                "CaPrivateKeyPath", shared.resolve("ca-key.pem").toString(),
                "ServerCertPath", own.resolve("server.pem").toString(),
                "ServerKeyPath", own.resolve("server-key.pem").toString(),
                "ClientKeyPath", shared.resolve("key.pem").toString(),
                "ServerCertSANs", machine.plan().alternativeNames(),
                "StorePath", own.toString(),
                "ClientCertPath", shared.resolve("cert.pem").toString());
    }

    static Machine read(String text) throws JsonUnreadable {
        try {
            var root = Json.read(text);
            var driver = child(root, "Driver");
            var options = child(root, "HostOptions");
            var engine = child(options, "EngineOptions");
            var plan = new MachinePlan(
                    MachineName.of(text(root, "Name")),
                    Subnet.parse(text(driver, "HostOnlyCIDR")),
                    new Limits(number(driver, "NanoCPUs"), number(driver, "MemoryBytes"), number(driver, "DiskBytes")),
                    new EngineOptions(
                            texts(engine, "ArbitraryFlags"),
                            texts(engine, "Env"),
                            texts(engine, "InsecureRegistry"),
                            texts(engine, "Labels"),
                            texts(engine, "RegistryMirror"),
                            text(engine, "StorageDriver")),
                    texts(child(options, "AuthOptions"), "ServerCertSANs"));
            return new Machine(
                    plan,
                    Address.parse(text(driver, "IPAddress")),
                    Instant.parse(text(driver, "Created")),
                    Boolean.TRUE.equals(driver.get("Complete")));
        } catch (DateTimeException | MachineFailure wrong) {
            throw new JsonUnreadable(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private static Map<String, Object> child(Map<String, Object> parent, String name) throws JsonUnreadable {
        if (parent.get(name) instanceof Map<?, ?> map) {
            var copy = object();
            map.forEach((key, value) -> copy.put(key.toString(), value));
            return copy;
        }
        throw new JsonUnreadable("no object " + name, null);
    }

    private static String text(Map<String, Object> parent, String name) throws JsonUnreadable {
        if (parent.get(name) instanceof String text) {
            return text;
        }
        throw new JsonUnreadable("no text " + name, null);
    }

    private static long number(Map<String, Object> parent, String name) throws JsonUnreadable {
        if (parent.get(name) instanceof Number number) {
            return number.longValue();
        }
        throw new JsonUnreadable("no number " + name, null);
    }

    private static List<String> texts(Map<String, Object> parent, String name) throws JsonUnreadable {
        if (parent.get(name) instanceof List<?> list) {
            return list.stream().map(Object::toString).toList();
        }
        throw new JsonUnreadable("no list " + name, null);
    }
}
