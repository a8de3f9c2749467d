package io.panal.program;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A daemon's first minute, run once after a build, so that the classes it loads are kept linked in a cache.
///
/// Every class of a cache is loaded at each start, and takes its memory: workers have a cache of their own, without a
/// manager's half. The daemon that learns is a process like any other; this program only talks to it, and runs in a
/// network namespace of its own, where nothing else is.
public final class DaemonRehearsal {
    private static final String LEARNS = "-XX:AOTCacheOutput=";
    private static final String MANAGER_ADDRESS = "10.254.254.1";
    private static final String WORKER_ADDRESS = "10.254.254.2";
    private static final String CABLE = "rehearsal";
    /// Nobody listens there, so the image is not found and the task is refused.
    private static final String IMAGE = "127.0.0.1:1/none";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private DaemonRehearsal() {}

    /// @param words `manager` or `worker`, then the command line that runs `panal` and learns
    public static void main(String[] words) throws IOException, InterruptedException {
        List<String> program = List.of(words).subList(1, words.length);
        must("ip", "link", "set", "lo", "up");
        if (words[0].equals("manager")) {
            manager(program);
        } else {
            worker(program);
        }
    }

    private static void manager(List<String> program) throws IOException {
        try (var daemon = RehearsedDaemon.start(program)) {
            daemon.play("version");
            daemon.play("swarm", "init", "--advertise-addr", "127.0.0.1");
            daemon.play("info");
            daemon.play("node", "ls");
            daemon.play("service", "create", "--detach", "--name", "one", "--publish", "8000:80", IMAGE);
            daemon.play("service", "ls");
            daemon.play("service", "ps", "one");
            daemon.play("service", "scale", "--detach", "one=2");
            daemon.play("service", "inspect", "one");
            daemon.play("service", "rm", "one");
            daemon.play("swarm", "join-token", "worker");
            daemon.play("node", "inspect", "self");
            daemon.play("swarm", "leave", "--force");
        }
    }

    /// A worker's orders come from a manager, which is another process in another network.
    private static void worker(List<String> program) throws IOException, InterruptedException {
        List<String> other = new ArrayList<>(List.of("unshare", "--net", "--"));
        program.stream().filter(word -> !word.startsWith(LEARNS)).forEach(other::add);
        try (var manager = RehearsedDaemon.start(other);
                var worker = RehearsedDaemon.start(program)) {
            connect(Long.toString(manager.pid()));
            manager.play("swarm", "init", "--advertise-addr", MANAGER_ADDRESS);
            String token = manager.play("swarm", "join-token", "-q", "worker").strip();
            worker.play("version");
            worker.play("swarm", "join", "--token", token, "--advertise-addr", WORKER_ADDRESS, MANAGER_ADDRESS);
            worker.play("info");
            manager.play(
                    "service",
                    "create",
                    "--detach",
                    "--name",
                    "one",
                    "--publish",
                    "8000:80",
                    "--constraint",
                    "node.role==worker",
                    IMAGE);
            boolean _ = RehearsedDaemon.holds(
                    PATIENCE, () -> manager.play("service", "ps", "one").contains("Rejected"));
            manager.play("service", "rm", "one");
            worker.play("ps");
            worker.play("swarm", "leave");
            manager.play("swarm", "leave", "--force");
        }
    }

    /// Two networks with a cable between them, the other end of which is in the network of a process.
    private static void connect(String process) throws IOException, InterruptedException {
        must("ip", "link", "add", CABLE, "type", "veth", "peer", "name", CABLE, "netns", process);
        must("ip", "address", "add", WORKER_ADDRESS + "/24", "dev", CABLE);
        must("ip", "link", "set", CABLE, "up");
        for (List<String> there : List.of(
                List.of("link", "set", "lo", "up"),
                List.of("address", "add", MANAGER_ADDRESS + "/24", "dev", CABLE),
                List.of("link", "set", CABLE, "up"))) {
            must(Stream.concat(Stream.of("nsenter", "--target", process, "--net", "ip"), there.stream())
                    .toArray(String[]::new));
        }
    }

    private static void must(String... words) throws IOException, InterruptedException {
        int exit = new ProcessBuilder(words).inheritIO().start().waitFor();
        if (exit != 0) {
            throw new IOException("%s: exit code %d".formatted(String.join(" ", words), exit));
        }
    }
}
