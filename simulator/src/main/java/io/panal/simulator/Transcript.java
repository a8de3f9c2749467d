package io.panal.simulator;

import io.panal.cli.Cli;
import io.panal.cli.client.Endpoint;
import io.panal.cli.client.Response;
import io.panal.cli.client.Transport;
import io.panal.cli.client.UnreachableException;
import io.panal.cli.command.Session.Streams;
import io.panal.cli.command.Session.Surroundings;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A text in which commands and what they print stand below each other; running it writes it anew.
///
/// The first line says what cluster there is. A line after `> ` is a command: the real command line's after `docker` or
/// `panal`, or one that something befalls the cluster with. Lines after `#` are for people.
public final class Transcript {
    private static final Pattern CLUSTER = Pattern.compile("nodes (\\d+) managers?(?:, (\\d+) workers?)?");
    private static final Pattern SPAN = Pattern.compile("(\\d+)(ms|s|m|h)");
    private static final String PROMPT = "> ";

    private final Swarm swarm;
    private final Cli cli;
    private final Labels labels = new Labels();
    private String place;

    private Transcript(Swarm swarm) {
        this.swarm = swarm;
        this.place = swarm.machines().getFirst().name();
        this.cli = new Cli(
                List.of(),
                new Surroundings(
                        this::dial,
                        () -> swarm.world().now(),
                        () -> Duration.between(World.BEGINNING, swarm.world().now()),
                        pause -> swarm.world().advance(pause)));
    }

    /// @return the same commands, with what they print now
    public static String run(String text, long seed) {
        StringBuilder written = new StringBuilder();
        Optional<Transcript> running = Optional.empty();
        for (String line : text.lines().toList()) {
            Matcher cluster = CLUSTER.matcher(line);
            if (cluster.matches()) {
                running = Optional.of(new Transcript(swarm(cluster, seed)));
                written.append(line).append("\n\n");
            } else if (running.isPresent() && line.startsWith(PROMPT)) {
                written.append(line).append('\n').append(running.get().run(line.substring(PROMPT.length())));
            } else if (running.isEmpty()) {
                written.append(line).append('\n');
            } else if (line.startsWith("#")) {
                written.append(written.toString().endsWith("\n\n") ? "" : "\n")
                        .append(line)
                        .append('\n');
            }
        }
        return written.toString();
    }

    private static Swarm swarm(Matcher cluster, long seed) {
        String workers = Optional.ofNullable(cluster.group(2)).orElse("0");
        return Swarm.of(new World(seed), Integer.parseInt(cluster.group(1)), Integer.parseInt(workers));
    }

    private String run(String line) {
        List<String> words = Words.of(line);
        String verb = words.getFirst();
        List<String> rest = words.subList(1, words.size());
        return switch (verb) {
            case "docker", "panal" -> command(rest);
            case "settle" -> quietly(swarm::settle);
            case "advance" -> quietly(() -> swarm.world().advance(span(rest.getFirst())));
            case "on" -> quietly(() -> place = machine(rest.getFirst()).name());
            case "crash" -> quietly(() -> swarm.crash(machine(rest.getFirst())));
            case "restart" -> quietly(() -> swarm.restart(machine(rest.getFirst())));
            case "partition" -> quietly(() -> swarm.partition(islands(rest)));
            case "heal" -> quietly(swarm::heal);
            case "kill" -> quietly(() -> swarm.kill(task(rest.getFirst())));
            case "image" -> quietly(() -> image(rest));
            default -> throw new IllegalArgumentException("no such command in a transcript: " + line);
        };
    }

    private static String quietly(Runnable deed) {
        deed.run();
        return "";
    }

    private String command(List<String> words) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        var stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
        int exitCode = cli.run(
                words,
                Map.of("DOCKER_HOST", "tcp://" + place, "HOME", "/nowhere"),
                new Streams(InputStream.nullInputStream(), stream, stream, false));
        labels.learn(swarm.view());
        String text = labels.label(printed.toString(StandardCharsets.UTF_8));
        String end = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
        return text + end + (exitCode == 0 ? "" : "exit code " + exitCode + "\n");
    }

    private Transport dial(Endpoint endpoint) {
        String host = endpoint.place() instanceof Endpoint.Place.Tcp tcp ? tcp.host() : "";
        return swarm.machine(host)
                .<Transport>map(machine -> new SimulatedEngine(swarm, machine))
                .orElseGet(() -> new Nowhere(endpoint.name()));
    }

    /// An address where nobody is.
    private record Nowhere(String name) implements Transport {
        @Override
        public Response send(String method, String path, String headers, byte[] body) throws IOException {
            throw new UnreachableException(
                    "Cannot connect to the Docker daemon at " + name + ". Is the docker daemon running?");
        }

        @Override
        public void close() {}
    }

    private Machine machine(String name) {
        return swarm.machine(name).orElseThrow(() -> new IllegalArgumentException("no machine is called " + name));
    }

    private List<List<Machine>> islands(List<String> words) {
        List<List<Machine>> islands = new ArrayList<>();
        islands.add(new ArrayList<>());
        for (String word : words) {
            if (word.equals("|")) {
                islands.add(new ArrayList<>());
            } else {
                islands.getLast().add(machine(word));
            }
        }
        return islands;
    }

    /// @param name as in `web.1`
    private Task task(String name) {
        int dot = name.lastIndexOf('.');
        Service service = swarm.view()
                .serviceNamed(name.substring(0, dot))
                .orElseThrow(() -> new IllegalArgumentException("no service for " + name));
        return swarm.view().tasksOf(service.id()).stream()
                .filter(task -> task.isLive() && task.origin().slot() == Integer.parseInt(name.substring(dot + 1)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no task runs as " + name));
    }

    /// `image NAME refused WHY`, `image NAME exits CODE after SPAN`, `image NAME healthy after SPAN`, `image NAME
    /// unhealthy after SPAN`, `image NAME runs`.
    private void image(List<String> words) {
        String name = words.getFirst();
        switch (words.get(1)) {
            case "refused" -> swarm.images().say(name, new Images.Fate.Refused(words.get(2)));
            case "exits" ->
                swarm.images().say(name, new Images.Fate.Exits(Integer.parseInt(words.get(2)), span(words.getLast())));
            case "healthy" ->
                swarm.images().say(name, new Images.Fate.Checked(Optional.of(span(words.getLast())), Optional.empty()));
            case "unhealthy" ->
                swarm.images().say(name, new Images.Fate.Checked(Optional.empty(), Optional.of(span(words.getLast()))));
            case "runs" -> swarm.images().forget(name);
            default -> throw new IllegalArgumentException("what becomes of image " + name + "? " + words);
        }
    }

    private static Duration span(String text) {
        Matcher span = SPAN.matcher(text);
        if (!span.matches()) {
            throw new IllegalArgumentException("no span of time: " + text);
        }
        long count = Long.parseLong(span.group(1));
        return switch (span.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }
}
