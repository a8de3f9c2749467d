package io.panal.node.engine;

import io.panal.node.containers.Container;
import io.panal.node.containers.ContainerState;
import io.panal.node.containers.Containers;
import io.panal.node.containers.FileChange;
import io.panal.node.containers.Statistics;
import io.panal.node.http.Call;
import io.panal.node.http.Exchange;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import io.panal.node.kernel.Allowance;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What containers do and use: `top` and `stats`.
final class MeasureCalls {
    private static final Duration BETWEEN = Duration.ofSeconds(1);
    private static final long TICKS_PER_SECOND = 100;

    private final Containers containers;
    private final ContainerLookup lookup;
    private final ContainerWatch watch;

    MeasureCalls(HostParts host) {
        this.containers = host.containers();
        this.lookup = host.lookup();
        this.watch = host.watch();
    }

    void routes(Router router) {
        router.on("GET", "/containers/{name}/top", this::top)
                .on("GET", "/containers/{name}/changes", this::changes)
                .on("GET", "/containers/{name}/stats", this::stats);
    }

    private void changes(Call call) throws IOException {
        Container container = lookup.require(call.name("name"));
        ArrayNode list = Replies.object().putArray("changes");
        for (FileChange change : containers.changedFiles(container.id())) {
            list.addObject()
                    .put("Path", change.path())
                    .put("Kind", change.kind().number());
        }
        Replies.json(call, 200, list);
    }

    private void top(Call call) throws IOException {
        Container container = lookup.require(call.name("name"));
        if (!container.state().isRunning()) {
            throw new Refusal(409, "Container %s is not running".formatted(container.id()));
        }
        List<String> command = new ArrayList<>(List.of("ps"));
        String asked = call.query().text("ps_args");
        command.addAll(Arrays.asList((asked.isEmpty() ? "-ef" : asked).strip().split("\\s+")));
        List<String> lines = run(command);
        String[] titles = lines.getFirst().strip().split("\\s+");
        int pid = Arrays.asList(titles).indexOf("PID");
        if (pid < 0) {
            throw new Refusal(400, "Couldn't find PID field in ps output");
        }
        List<Integer> own = containers.pids(container.id());
        ObjectNode node = Replies.object();
        ArrayNode processes = node.putArray("Processes");
        for (String line : lines.subList(1, lines.size())) {
            String[] fields = line.strip().split("\\s+", titles.length);
            if (fields.length > pid && fields[pid].matches("[0-9]+") && own.contains(Integer.parseInt(fields[pid]))) {
                ArrayNode process = processes.addArray();
                Arrays.asList(fields).forEach(process::add);
            }
        }
        ArrayNode header = node.putArray("Titles");
        Arrays.asList(titles).forEach(header::add);
        watch.tell(container, "top", Map.of(), Instant.now());
        Replies.json(call, 200, node);
    }

    private static List<String> run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        try {
            if (process.waitFor() != 0 || lines.isEmpty()) {
                throw new Refusal(500, "error running ps: " + String.join(" ", lines));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the client has left");
        }
        return lines;
    }

    private void stats(Call call) throws IOException {
        Container container = lookup.require(call.name("name"));
        boolean stream = call.query().isSet("stream", true);
        boolean oneShot = call.query().isSet("one-shot") && !stream;
        Optional<Sample> before = oneShot ? Optional.empty() : sample(container);
        try (OutputStream out = call.exchange().stream(200, Exchange.JSON)) {
            do {
                if (!oneShot) {
                    Thread.sleep(BETWEEN);
                }
                Optional<Sample> now = sample(container);
                out.write((shown(container, before, now) + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
                before = now;
            } while (stream && containers.find(container.id()).isPresent());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the client has left");
        }
    }

    /// @param hostNanos CPU time of the whole host, all cores together
    /// @param hostMemory bytes that the daemon's host has
    /// @param traffic by interface
    private record Sample(Statistics own, long hostNanos, long hostMemory, SortedMap<String, Traffic> traffic) {}

    /// Empty when it does not run.
    private Optional<Sample> sample(Container container) throws IOException {
        Optional<Container> known = containers.find(container.id());
        if (known.isEmpty() || !(known.get().state() instanceof ContainerState.Running running)) {
            return Optional.empty();
        }
        return Optional.of(new Sample(
                containers.statistics(container.id()), hostNanos(), Allowance.memoryBytes(), traffic(running.pid())));
    }

    /// Nothing when it has ended meanwhile: its files are gone, or refuse to be read.
    private static SortedMap<String, Traffic> traffic(int pid) {
        try {
            return Traffic.of(pid);
        } catch (IOException ended) {
            return new TreeMap<>();
        }
    }

    private static long hostNanos() throws IOException {
        String total = Files.readAllLines(Path.of("/proc/stat")).getFirst();
        long ticks = Arrays.stream(total.split("\\s+"))
                .skip(1)
                .limit(8)
                .mapToLong(Long::parseLong)
                .sum();
        return ticks * (1_000_000_000L / TICKS_PER_SECOND);
    }

    private static ObjectNode shown(Container container, Optional<Sample> before, Optional<Sample> now) {
        ObjectNode node = Replies.object();
        node.put("id", container.id());
        node.put("name", "/" + container.plan().name());
        node.put(
                "read",
                now.map(sample -> sample.own().at()).orElse(Instant.EPOCH).toString());
        node.put(
                "preread",
                before.map(sample -> sample.own().at()).orElse(Instant.EPOCH).toString());
        node.put("num_procs", 0);
        node.putObject("storage_stats");
        cpu(node.putObject("cpu_stats"), now);
        cpu(node.putObject("precpu_stats"), before);
        ObjectNode memory = node.putObject("memory_stats");
        ObjectNode pids = node.putObject("pids_stats");
        ArrayNode blocks = node.putObject("blkio_stats").putArray("io_service_bytes_recursive");
        now.ifPresent(sample -> {
            Statistics own = sample.own();
            memory.put("usage", own.memoryBytes());
            memory.put("limit", Math.min(own.memoryLimitBytes(), sample.hostMemory()));
            memory.putObject("stats");
            pids.put("current", own.pids());
            blocks.addObject().put("op", "read").put("value", own.readBytes());
            blocks.addObject().put("op", "write").put("value", own.writtenBytes());
        });
        ObjectNode networks = node.putObject("networks");
        now.ifPresent(
                sample -> sample.traffic().forEach((device, traffic) -> traffic.writeTo(networks.putObject(device))));
        return node;
    }

    private static void cpu(ObjectNode node, Optional<Sample> sample) {
        ObjectNode usage = node.putObject("cpu_usage");
        usage.put("total_usage", sample.map(taken -> taken.own().cpuNanos()).orElse(0L));
        usage.put(
                "usage_in_kernelmode",
                sample.map(taken -> taken.own().kernelNanos()).orElse(0L));
        usage.put(
                "usage_in_usermode",
                sample.map(taken -> taken.own().cpuNanos() - taken.own().kernelNanos())
                        .orElse(0L));
        node.put("system_cpu_usage", sample.map(Sample::hostNanos).orElse(0L));
        node.put("online_cpus", Runtime.getRuntime().availableProcessors());
        node.putObject("throttling_data")
                .put("periods", 0)
                .put("throttled_periods", 0)
                .put("throttled_time", 0);
    }
}
