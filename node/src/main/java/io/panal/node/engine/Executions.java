package io.panal.node.engine;

import io.panal.core.codec.Codec;
import io.panal.node.containers.CommandExit;
import io.panal.node.containers.Container;
import io.panal.node.containers.Containers;
import io.panal.node.containers.ContainersException;
import io.panal.node.containers.ExecPlan;
import io.panal.node.containers.Execution;
import io.panal.node.containers.LogStream;
import io.panal.node.http.Call;
import io.panal.node.http.Duplex;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `/exec`: further processes in containers. Known as long as this daemon lives, the last thousand of them.
final class Executions {
    private static final int KEPT = 1000;
    private final Containers containers;
    private final ContainerLookup lookup;
    private final ContainerWatch watch;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Asked> asked = new LinkedHashMap<>();

    Executions(HostParts host) {
        this.containers = host.containers();
        this.lookup = host.lookup();
        this.watch = host.watch();
    }

    /// One that a client asked for.
    ///
    /// @param started empty before its start
    /// @param failure the code of one that could not be started
    private record Asked(
            String id, String container, ExecPlan plan, Optional<Execution> started, Optional<Integer> failure) {
        Asked startedAs(Execution execution) {
            return new Asked(id, container, plan, Optional.of(execution), Optional.empty());
        }

        Asked failedWith(int code) {
            return new Asked(id, container, plan, Optional.empty(), Optional.of(code));
        }
    }

    void routes(Router router) {
        router.on("POST", "/containers/{name}/exec", this::create)
                .on("POST", "/exec/{id}/start", this::start)
                .on("POST", "/exec/{id}/resize", this::resize)
                .on("GET", "/exec/{id}/json", this::inspect);
    }

    /// The ids of those of a container that run.
    synchronized List<String> of(String container) {
        return asked.values().stream()
                .filter(exec -> exec.container().equals(container)
                        && exec.started().filter(own -> own.code().isEmpty()).isPresent())
                .map(Asked::id)
                .toList();
    }

    private synchronized void keep(Asked exec) {
        asked.put(exec.id(), exec);
        if (asked.size() > KEPT) {
            asked.remove(asked.keySet().iterator().next());
        }
    }

    private synchronized Asked require(String id) throws Refusal {
        Asked exec = asked.get(id);
        if (exec == null) {
            throw new Refusal(404, "No such exec instance: " + id);
        }
        return exec;
    }

    private void create(Call call) throws IOException {
        Container container = lookup.require(call.name("name"));
        ObjectNode body = Replies.body(call);
        if (!container.state().isRunning()) {
            throw new Refusal(409, "Container %s is not running".formatted(container.id()));
        }
        List<String> command = texts(body.path("Cmd"));
        if (command.isEmpty()) {
            throw new Refusal(400, "No exec command specified");
        }
        var plan = new ExecPlan(
                command,
                texts(body.path("Env")),
                text(body, "User"),
                text(body, "WorkingDir"),
                body.path("Tty").asBoolean(false),
                body.path("AttachStdin").asBoolean(false),
                body.path("Privileged").asBoolean(false));
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        var exec = new Asked(id, container.id(), plan, Optional.empty(), Optional.empty());
        keep(exec);
        tell(exec, "exec_create: " + commandLine(plan), Map.of());
        ObjectNode node = Replies.object();
        node.put("Id", id);
        Replies.json(call, 201, node);
    }

    /// The program, a space, and its arguments: docker leaves the space where there are none.
    private static String commandLine(ExecPlan plan) {
        List<String> words = plan.arguments();
        return words.getFirst() + " " + String.join(" ", words.subList(1, words.size()));
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(node -> node.asString("")).toList();
    }

    private static Optional<String> text(ObjectNode body, String key) {
        return Optional.of(body.path(key).asString("")).filter(text -> !text.isEmpty());
    }

    private void start(Call call) throws IOException {
        Asked exec = require(call.name("id"));
        ObjectNode body = Replies.body(call);
        if (exec.started().isPresent() || exec.failure().isPresent()) {
            throw new Refusal(409, "Error: Exec command %s is already running".formatted(exec.id()));
        }
        if (body.path("Detach").asBoolean(false)) {
            Execution execution = begin(exec);
            Thread.ofVirtual().name("exec " + exec.id()).start(() -> drop(execution));
            Replies.empty(call, 200);
            return;
        }
        boolean terminal = exec.plan().terminal();
        String media = LogFrames.mediaType(terminal, call.version().isAtLeast(42));
        try (Duplex duplex = call.exchange().upgrade(media)) {
            var frames = new LogFrames(duplex.output(), terminal);
            try {
                Execution execution = begin(exec);
                JsonNode size = body.path("ConsoleSize");
                if (terminal && size.size() == 2 && size.path(0).asInt() > 0) {
                    execution.resize(size.path(1).asInt(), size.path(0).asInt());
                }
                pump(execution, duplex, frames);
            } catch (ContainersException failure) {
                // The stream is there already: dockerd writes the reason into it, and the code says the rest.
                String line = failure.getMessage() + "\r\n";
                frames.send(LogStream.STDOUT, line.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private void tell(Asked exec, String action, Map<String, String> further) {
        Map<String, String> attributes = new TreeMap<>(further);
        attributes.put("execID", exec.id());
        containers
                .find(exec.container())
                .ifPresent(container -> watch.tell(container, action, attributes, Instant.now()));
    }

    /// Waits for its end, to tell of it.
    private void follow(Asked exec, Execution execution) {
        try {
            tell(exec, "exec_die", Map.of("exitCode", String.valueOf(execution.await())));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Execution begin(Asked exec) throws IOException {
        try {
            tell(exec, "exec_start: " + commandLine(exec.plan()), Map.of());
            Execution execution = containers.exec(exec.container(), exec.plan());
            keep(exec.startedAs(execution));
            Thread.ofVirtual().name("exec-end " + exec.id()).start(() -> follow(exec, execution));
            return execution;
        } catch (ContainersException failure) {
            keep(exec.failedWith(CommandExit.of(failure, CommandExit.CANNOT_RUN)));
            throw failure;
        }
    }

    private static void drop(Execution execution) {
        try {
            execution.forward((_, _) -> {});
        } catch (IOException nobodyListens) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pump(Execution execution, Duplex duplex, LogFrames frames) throws IOException {
        Thread input = execution
                .input()
                .map(into -> StreamCopies.start("exec input", duplex.input(), into))
                .orElseGet(() -> Thread.ofVirtual().unstarted(() -> {}));
        try {
            execution.forward(frames::send);
            execution.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the client has left");
        } finally {
            input.interrupt();
        }
    }

    private void resize(Call call) throws IOException {
        Asked exec = require(call.name("id"));
        Execution execution = exec.started()
                .filter(own -> own.code().isEmpty())
                .orElseThrow(() -> new Refusal(500, "cannot resize a stopped container: unknown"));
        execution.resize(ContainerCalls.size(call, "w"), ContainerCalls.size(call, "h"));
        Replies.empty(call, 200);
    }

    private void inspect(Call call) throws IOException {
        Asked exec = require(call.name("id"));
        List<String> arguments = new ArrayList<>(exec.plan().arguments());
        ObjectNode node = Replies.object();
        node.put("ID", exec.id());
        node.put("Running", exec.started().filter(own -> own.code().isEmpty()).isPresent());
        int code = exec.failure()
                .orElseGet(() -> exec.started().map(own -> own.code().orElse(0)).orElse(0));
        boolean over = exec.failure().isPresent()
                || exec.started().filter(own -> own.code().isPresent()).isPresent();
        if (over) {
            node.put("ExitCode", code);
        } else {
            node.putNull("ExitCode");
        }
        ObjectNode process = node.putObject("ProcessConfig");
        process.put("tty", exec.plan().terminal());
        process.put("entrypoint", arguments.removeFirst());
        process.set("arguments", Codec.JSON.tree(arguments));
        process.put("privileged", exec.plan().privileged());
        exec.plan().user().ifPresent(user -> process.put("user", user));
        node.put("OpenStdin", exec.plan().stdin());
        node.put("OpenStderr", true);
        node.put("OpenStdout", true);
        node.put("CanRemove", false);
        node.put("ContainerID", exec.container());
        node.put("DetachKeys", "");
        node.put("Pid", exec.started().map(Execution::pid).orElse(0));
        Replies.json(call, 200, node);
    }
}
