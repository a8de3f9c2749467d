package io.panal.node.containers;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// What a container costs from its creation until it runs, beside `ctr run` of the same in the same containerd.
///
/// Run it with the number of containers and how many at a time: `... io.panal.node.containers.StartBench 50 8`.
final class StartBench {

    private StartBench() {}

    public static void main(String[] arguments) throws Exception {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 50;
        int width = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8;
        try (var host = new Host()) {
            for (int round = 1; round <= 3; round++) {
                ours(host, round, count, width);
                theirs(host, round, count, width);
            }
        }
        System.exit(0);
    }

    private static void ours(Host host, int round, int count, int width) throws Exception {
        var plans = new ArrayList<ContainerPlan>();
        for (int i = 0; i < count; i++) {
            plans.add(Host.plan("sleep", "1000"));
        }
        time("panal round %d".formatted(round), count, width, i -> host.run(plans.get(i)));
        time(
                "panal remove %d".formatted(round),
                count,
                width,
                i -> host.containers.remove(plans.get(i).id(), true));
    }

    private static void theirs(Host host, int round, int count, int width) throws Exception {
        var base = List.of("ctr", "-a", host.process.socket().toString(), "-n", "panal");
        time(
                "ctr run round %d".formatted(round),
                count,
                width,
                i -> command(base, "run", "-d", "--null-io", BusyboxImage.NAME, "ctr" + i, "sleep", "1000"));
        time("ctr remove %d".formatted(round), count, width, i -> {
            command(base, "task", "rm", "-f", "ctr" + i);
            command(base, "container", "rm", "ctr" + i);
        });
    }

    private static void command(List<String> base, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(base);
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Path.of("/dev/null").toFile())
                .start();
        process.waitFor();
    }

    private interface Numbered {
        void run(int number) throws IOException, InterruptedException;
    }

    private static void time(String what, int count, int width, Numbered work)
            throws InterruptedException, ExecutionException {
        var free = new Semaphore(width);
        var results = new ArrayList<Future<Long>>();
        long start = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                int number = i;
                results.add(threads.submit(() -> {
                    free.acquire();
                    try {
                        long begun = System.nanoTime();
                        work.run(number);
                        return System.nanoTime() - begun;
                    } finally {
                        free.release();
                    }
                }));
            }
        }
        var all = Duration.ofNanos(System.nanoTime() - start);
        var each = new ArrayList<Long>();
        for (var result : results) {
            each.add(result.get());
        }
        each.sort(null);
        System.out.printf(
                "%-18s %3d containers, %d at a time: %5d ms together, each p50 %4d ms, p99 %4d ms%n",
                what,
                count,
                width,
                all.toMillis(),
                each.get(count / 2) / 1_000_000,
                each.get(count * 99 / 100) / 1_000_000);
    }
}
