package io.panal.node.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Containers through a real containerd and runc.
class ContainersTest {
    private static Host host;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        host = new Host();
    }

    @AfterAll
    static void stop() throws IOException {
        host.close();
    }

    @Test
    void aContainerEndsWithItsCommandsCodeAndKeepsWhatItPrinted() throws Exception {
        var id = host.run(Host.shell("echo out; echo err >&2; exit 3"));

        var ended = host.ended(id);

        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.finishedAt()).isAfterOrEqualTo(ended.startedAt());
        assertThat(host.log(id)).contains("out\n").contains("err\n");
        assertThat(host.log(id, new LogQuery(false, true, Optional.empty(), Optional.empty(), -1, false)))
                .isEqualTo("err\n");
        assertThat(host.containers.logPath(id))
                .content()
                .contains("{\"log\":\"out\\n\",\"stream\":\"stdout\",\"time\":\"2");
        Host.until(
                "its end is told",
                () -> host.events.stream()
                        .anyMatch(event -> event instanceof ContainerEvent.Exited exited
                                && exited.id().equals(id)
                                && exited.code() == 3));
    }

    @Test
    void itsProcessSeesTheImagesSettingsAndThePlans() throws Exception {
        var plan = Host.shell("id; pwd; hostname; env; cat /proc/sys/kernel/domainname /etc/hosts /etc/resolv.conf");
        plan = plan.running(new ProcessPlan(
                        Optional.empty(),
                        plan.process().command(),
                        List.of("COLOUR=red", "SIZE=big"),
                        Optional.empty(),
                        Optional.of("worker"),
                        Optional.empty(),
                        false,
                        false))
                .on(plan.host()
                        .named(new NamesPlan("bee", "hive.example", List.of(), List.of(), List.of(), List.of())
                                .knowing(List.of("10.0.0.7\tqueen"))
                                .asking(List.of("127.0.0.11"), List.of("hive"), List.of("ndots:0"))));

        var id = host.run(plan);
        host.ended(id);

        assertThat(host.log(id))
                .contains("uid=1000(worker) gid=1001(worker) groups=50(staff)")
                .contains("/work\nbee\n")
                .contains("\nhive.example\n")
                .contains("COLOUR=red\n")
                .contains("SIZE=big\n")
                .contains("PATH=/bin\n")
                .contains("10.0.0.7\tqueen")
                .contains("nameserver 127.0.0.11\nsearch hive\noptions ndots:0");
    }

    @Test
    void stopAsksFirstAndKillsWhenTheTimeIsOver() throws Exception {
        var polite = host.run(Host.shell("trap 'exit 7' TERM; while true; do sleep 0.05; done"));
        var deaf = host.run(Host.shell("trap '' TERM; while true; do sleep 0.05; done"));
        Host.until("traps are set", () -> pidsOf(polite) > 1 && pidsOf(deaf) > 1);

        assertThat(host.containers.stop(polite, Optional.empty(), Duration.ofSeconds(10)))
                .isTrue();
        assertThat(host.containers.stop(deaf, Optional.empty(), Duration.ofMillis(300)))
                .isTrue();

        assertThat(host.ended(polite).code()).isEqualTo(7);
        assertThat(host.ended(deaf).code()).isEqualTo(137);
        assertThat(host.containers.stop(deaf, Optional.empty(), Duration.ZERO)).isFalse();
    }

    private static int pidsOf(String id) {
        try {
            return host.containers.pids(id).size();
        } catch (IOException gone) {
            return 0;
        }
    }

    @Test
    void whoWritesABlobThatAnotherIsWritingWaitsAndFindsItThere() throws Exception {
        byte[] blob = ("a blob of " + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
        String digest = ImageDocuments.digest(blob);
        try (var making = host.containers.images().begin();
                var first = making.write(digest, blob.length)) {
            first.write(blob, 0, 5);
            var second = new FutureTask<>(() -> {
                try (var writer = making.write(digest, blob.length)) {
                    return writer.isFinished();
                }
            });
            var thread = Thread.ofPlatform().start(second);
            Host.until("the second waits", () -> thread.getState() == Thread.State.TIMED_WAITING);
            first.write(blob, 5, blob.length - 5);
            first.commit();

            assertThat(second.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void manyMayBringTheSameBlobAtOnce() throws Exception {
        try (var making = host.containers.images().begin();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 20; round++) {
                byte[] blob = ("a blob of " + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
                String digest = ImageDocuments.digest(blob);
                Callable<String> bring = () -> {
                    making.write(digest, blob);
                    return digest;
                };
                for (var brought : threads.invokeAll(List.of(bring, bring, bring))) {
                    assertThat(brought.get()).isEqualTo(digest);
                }
            }
        }
    }

    @Test
    void aStopOfOneThatEndedByItselfIsRemembered() throws Exception {
        var id = host.run(Host.shell("exit 1"));
        assertThat(host.ended(id).asked()).isFalse();

        assertThat(host.containers.stop(id, Optional.empty(), Duration.ZERO)).isFalse();

        assertThat(host.ended(id).asked()).isTrue();
        assertThat(host.ended(id).code()).isEqualTo(1);
    }

    @Test
    void aContainerCanBeStartedAgain() throws Exception {
        var id = host.run(Host.shell("echo run; exit 1"));
        host.ended(id);

        host.containers.start(id);
        host.ended(id);

        assertThat(host.log(id)).isEqualTo("run\nrun\n");
    }

    @Test
    void aRunningContainerIsRemovedOnlyByForce() throws Exception {
        var id = host.run(Host.plan("sleep", "1000"));

        assertThatThrownBy(() -> host.containers.remove(id, false))
                .isInstanceOf(ContainersException.class)
                .hasMessageContaining("container is running: stop the container before removing or force remove");
        host.containers.remove(id, true);

        assertThat(host.containers.find(id)).isEmpty();
        assertThat(host.containers.logPath(id)).doesNotExist();
    }

    @Test
    void aCommandThatIsNotThereIsToldAsRuncSaysIt() throws Exception {
        var plan = Host.plan("/no/such/command");
        host.containers.create(plan);

        assertThatThrownBy(() -> host.containers.start(plan.id()))
                .isInstanceOf(ContainersException.class)
                .hasMessageContaining("/no/such/command")
                .hasMessageContaining("no such file or directory");

        assertThat(host.state(plan.id()))
                .isInstanceOfSatisfying(
                        ContainerState.Created.class,
                        created -> assertThat(created.code()).isEqualTo(127));
    }

    @Test
    void twoContainersCannotHaveOneName() throws Exception {
        var first = Host.plan("true");
        var other = ContainerPlan.of(Host.id(), first.name(), BusyboxImage.NAME);
        host.containers.create(first);

        assertThatThrownBy(() -> host.containers.create(other))
                .isInstanceOfSatisfying(
                        ContainersException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(ContainersException.Reason.CONFLICT))
                .hasMessageContaining("is already in use by container \"" + first.id());
    }

    @Test
    void memoryBeyondTheLimitEndsItAndSaysSo() throws Exception {
        var plan = Host.plan("dd", "if=/dev/zero", "of=/dev/null", "bs=200M");
        plan = plan.on(plan.host().limited(Limits.of(500_000_000, 32 << 20, 50)));

        var id = host.run(plan);
        var ended = host.ended(id);

        assertThat(ended.code()).isEqualTo(137);
        assertThat(ended.outOfMemory()).isTrue();
        Host.until(
                "the want of memory is told",
                () -> host.events.stream()
                        .anyMatch(event -> event instanceof ContainerEvent.OutOfMemory told
                                && told.id().equals(id)));
    }

    @Test
    void theKernelHoldsTheLimitsOfThePlan() throws Exception {
        var plan = Host.plan("sleep", "1000");
        plan = plan.on(plan.host().limited(Limits.of(250_000_000, 64 << 20, 33)));
        var id = host.run(plan);

        assertThat(host.containers.statistics(id).memoryLimitBytes()).isEqualTo(64 << 20);
        Host.until("runc has become the command", () -> processes(id) == 1);
        host.containers.limit(id, Limits.of(250_000_000, 128 << 20, 33));
        assertThat(host.containers.statistics(id).memoryLimitBytes()).isEqualTo(128 << 20);
        host.containers.remove(id, true);
    }

    private static long processes(String id) {
        try {
            return host.containers.statistics(id).pids();
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void pausedProcessesStandStillAndCanBeKilled() throws Exception {
        var id = host.run(Host.shell("while true; do sleep 0.05; done"));

        host.containers.pause(id);
        assertThat(host.state(id))
                .isInstanceOfSatisfying(
                        ContainerState.Running.class,
                        running -> assertThat(running.paused()).isTrue());
        host.containers.kill(id, Signals.KILL);

        assertThat(host.ended(id).code()).isEqualTo(137);
    }

    @Test
    void anExecutedProcessHasItsOwnStreamsAndCode() throws Exception {
        var id = host.run(Host.plan("sleep", "1000"));
        var plan = new ExecPlan(
                List.of("sh", "-c", "cat; echo $COLOUR-$X >&2; exit 5"),
                List.of("X=1"),
                Optional.empty(),
                Optional.empty(),
                false,
                true,
                false);

        var execution = host.containers.exec(id, plan);
        var writer = Thread.ofVirtual().start(() -> feed(execution));
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        execution.forward((stream, bytes) -> (stream == LogStream.STDOUT ? out : err).write(bytes));

        assertThat(execution.await()).isEqualTo(5);
        writer.join();
        assertThat(out.size()).isEqualTo(5_000_000);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("green-1\n");
        host.containers.remove(id, true);
    }

    @Test
    void anExecutedProcessRunsAsAUserOfTheContainerAsItIsNow() throws Exception {
        var id = host.run(Host.shell("echo 'late:x:77:78::/:/bin/sh' >> /etc/passwd; touch /tmp/done; sleep 1000"));
        var plan = new ExecPlan(
                List.of("sh", "-c", "until test -e /tmp/done; do sleep 0.02; done; id"),
                List.of(),
                Optional.empty(),
                Optional.of("/tmp"),
                false,
                false,
                false);
        assertThat(printed(host.containers.exec(id, plan))).contains("uid=0(root)");

        var late = new ExecPlan(List.of("id"), List.of(), Optional.of("late"), Optional.empty(), false, false, false);

        assertThat(printed(host.containers.exec(id, late))).contains("uid=77(late) gid=78");
        assertThatThrownBy(() -> host.containers.exec(id, ExecPlan.of("/no/such")))
                .isInstanceOf(ContainersException.class)
                .hasMessageContaining("no such file or directory");
        host.containers.remove(id, true);
    }

    private static String printed(Execution execution) throws IOException {
        var out = new ByteArrayOutputStream();
        execution.forward((_, bytes) -> out.write(bytes));
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void feed(Execution execution) {
        try (var input = execution.input().orElseThrow()) {
            for (int i = 0; i < 50; i++) {
                input.write(new byte[100_000]);
            }
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void aTerminalKnowsItsSize() throws Exception {
        var id = host.run(Host.plan("sleep", "1000"));
        var plan = new ExecPlan(
                List.of(
                        "sh",
                        "-c",
                        "while [ \"$(stty size 2>/dev/null)\" != '45 123' ] 2>/dev/null; do sleep 0.02; done; stty size"),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                true,
                true,
                false);

        var execution = host.containers.exec(id, plan);
        execution.resize(123, 45);
        var out = new ByteArrayOutputStream();
        execution.forward((_, bytes) -> out.write(bytes));

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("45 123\r\n");
        assertThat(execution.await()).isZero();
        host.containers.remove(id, true);
    }

    @Test
    void whoIsAttachedBeforeTheStartSeesAllAndCanType() throws Exception {
        var plan = Host.shell("read line; echo got $line");
        plan = plan.running(new ProcessPlan(
                Optional.empty(),
                plan.process().command(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                true));
        host.containers.create(plan);

        try (var attachment = host.containers.attach(plan.id())) {
            host.containers.start(plan.id());
            attachment.input().orElseThrow().write("honey\n".getBytes(StandardCharsets.UTF_8));
            var out = new ByteArrayOutputStream();
            attachment.forward((_, bytes) -> out.write(bytes));
            assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("got honey\n");
        }
        assertThat(host.ended(plan.id()).code()).isZero();
    }

    @Test
    void followingALogEndsWithTheContainer() throws Exception {
        var id = host.run(Host.shell("for i in $(seq 1 200); do echo line $i; done; sleep 0.2; echo last"));

        var text = host.log(id, LogQuery.following());

        assertThat(text.lines()).hasSize(201).last().isEqualTo("last");
        assertThat(host.log(id, new LogQuery(true, true, Optional.empty(), Optional.empty(), 2, false)))
                .isEqualTo("line 200\nlast\n");
    }

    @Test
    void anImageIsDescribedByItsConfiguration() throws Exception {
        var image = host.containers.images().find(BusyboxImage.NAME).orElseThrow();

        assertThat(image.configuration().process().command()).containsExactly("sleep", "1000");
        assertThat(image.configuration().ports()).containsExactly("80/tcp");
        assertThat(image.configuration().health()).isPresent();
        host.containers.images().tag(BusyboxImage.NAME, "other:1");
        assertThat(host.containers.images().list())
                .singleElement()
                .satisfies(only -> assertThat(only.names()).containsExactly(BusyboxImage.NAME, "other:1"));
        host.containers.images().remove("other:1");
        assertThat(host.containers.images().has("other:1")).isFalse();
    }
}
