package io.panal.node.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The further processes of all containers.
final class Executions {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Containerd containerd;
    private final ContainersSettings settings;
    private final Records records;
    private final StreamPump pump;
    private final HostFacts host;
    private final Map<String, Execution> running = new ConcurrentHashMap<>();

    Executions(Containerd containerd, ContainersSettings settings, Records records, StreamPump pump, HostFacts host) {
        this.containerd = containerd;
        this.settings = settings;
        this.records = records;
        this.pump = pump;
        this.host = host;
    }

    Execution start(String container, ExecPlan plan, Accounts accounts) throws IOException {
        var process = process(records.specification(container).path("process"), plan, accounts);
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        var id = HexFormat.of().formatHex(bytes);
        var directory = settings.pipes(container);
        Files.createDirectories(directory);
        var streams = ProcessStreams.in(directory, id.substring(0, 16) + "-", plan.terminal(), plan.stdin());
        var execution = new Execution(containerd, pump, container, id, streams);
        // Before it runs: its end may be quicker than the answer to its start.
        running.put(id, execution);
        try {
            execution.start(JsonMapper.shared().writeValueAsBytes(process.json()), plan.terminal());
            return execution;
        } catch (IOException failed) {
            running.remove(id);
            execution.release();
            throw failed;
        }
    }

    private RuntimeProcess process(JsonNode first, ExecPlan plan, Accounts accounts) throws ContainersException {
        if (plan.arguments().isEmpty()) {
            throw new ContainersException(ContainersException.Reason.INVALID, "No exec command specified");
        }
        var capabilities = plan.privileged()
                ? Capabilities.of(allowingAll(), host.capabilities())
                : strings(first.path("capabilities").path("bounding"));
        var identity =
                plan.user().isPresent() ? accounts.resolve(plan.user().get(), List.of()) : identity(first.path("user"));
        return new RuntimeProcess(
                plan.arguments(),
                RuntimeProcess.environment(
                        "", plan.terminal(), List.of(strings(first.path("env")), plan.environment())),
                plan.directory().orElse(first.path("cwd").asString("/")),
                identity,
                capabilities,
                RuntimeProcess.ulimits(first),
                plan.terminal(),
                first.path("noNewPrivileges").asBoolean(false));
    }

    private static SecurityPlan allowingAll() {
        return new SecurityPlan(true, false, false, false, List.of(), List.of(), List.of(), Map.of());
    }

    private static Accounts.Identity identity(JsonNode user) {
        var groups = new ArrayList<Long>();
        user.path("additionalGids").forEach(group -> groups.add(group.asLong()));
        return new Accounts.Identity(
                user.path("uid").asLong(0), user.path("gid").asLong(0), List.copyOf(groups));
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    void exited(String id, int code) throws IOException {
        var execution = running.remove(id);
        if (execution != null) {
            execution.exited(code);
        }
    }
}
