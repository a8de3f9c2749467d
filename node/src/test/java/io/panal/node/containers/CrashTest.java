package io.panal.node.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.containerd.process.Process;
import io.panal.containerd.tasks.ListTasksRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Deaths of the daemon and of containerd: containers go on, and what they did meanwhile is found again.
class CrashTest {
    private Host host;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        host = new Host();
    }

    @AfterEach
    void stop() throws IOException {
        host.close();
    }

    @Test
    void aDaemonFindsItsRunningContainersAgainAndNoLineIsLostOrDoubled() throws Exception {
        var plan = Host.shell("for i in $(seq 1 300); do echo line $i; sleep 0.01; done; exit 7")
                .described("{\"kept\":true}");
        var id = host.run(plan);
        var before = (ContainerState.Running) host.state(id);
        Host.until("it prints", () -> logOf(id).contains("line 20\n"));

        host.killDaemon();
        host.startDaemon();

        assertThat(host.state(id)).isEqualTo(before);
        var found = host.containers.find(id).orElseThrow().plan();
        assertThat(found).isEqualTo(plan.on(plan.host().watched(found.host().health())));
        assertThat(host.ended(id).code()).isEqualTo(7);
        assertThat(logOf(id).lines())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 300).mapToObj(i -> "line " + i).toList());
    }

    private String logOf(String id) {
        try {
            return host.log(id);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void whatAHealthCheckFoundIsKnownToTheNextDaemonWhichGoesOnAsking() throws Exception {
        var every = Duration.ofMillis(200);
        var check = new HealthPlan(
                List.of("CMD-SHELL", "test ! -e /ill"), every, Duration.ZERO, Duration.ZERO, Duration.ZERO, 1);
        var plan = Host.shell("sleep 100");
        var id = host.run(plan.on(plan.host().watched(Optional.of(check))));
        Host.until("it is well", () -> health(id) == Health.Status.HEALTHY);

        host.killDaemon();
        host.startDaemon();

        assertThat(health(id)).isEqualTo(Health.Status.HEALTHY);
        var _ = host.containers.exec(id, ExecPlan.of("touch", "/ill")).await();
        Host.until("it is found ill", () -> health(id) == Health.Status.UNHEALTHY);
    }

    private Health.Status health(String id) {
        return host.containers.find(id).orElseThrow().health().orElseThrow().status();
    }

    @Test
    void anEndThatNoDaemonSawIsToldByTheNext() throws Exception {
        var quick = host.run(Host.shell("trap 'exit 9' TERM; while true; do sleep 0.05; done"));
        var over = host.run(Host.shell("exit 4"));
        var never = Host.plan("true");
        host.containers.create(never);
        host.ended(over);
        var pid = ((ContainerState.Running) host.state(quick)).pid();

        host.killDaemon();
        ProcessHandle.of(pid).orElseThrow().destroy();
        Host.until("its process is gone", () -> ProcessHandle.of(pid).isEmpty());
        host.events.clear();
        host.startDaemon();

        assertThat(host.ended(quick).code()).isEqualTo(9);
        assertThat(host.ended(over).code()).isEqualTo(4);
        assertThat(host.state(never.id())).isEqualTo(new ContainerState.Created(0, ""));
        Host.until(
                "the end is told",
                () -> host.events.stream()
                        .anyMatch(event -> event instanceof ContainerEvent.Exited exited
                                && exited.id().equals(quick)));
        assertThat(host.events).noneMatch(event -> event.id().equals(over));
        host.containers.start(quick);
        assertThat(host.state(quick).isRunning()).isTrue();
    }

    @Test
    void containersSurviveContainerdAndTheirEndsAreSeenAfterIt() throws Exception {
        var first = host.process.pid();
        var stays = host.run(Host.shell("i=0; while true; do i=$((i+1)); echo tick $i; sleep 0.02; done"));
        var ends = host.run(Host.shell("sleep 0.2; exit 11"));
        var pid = ((ContainerState.Running) host.state(ends)).pid();

        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        Host.until("its process is gone", () -> ProcessHandle.of(pid).isEmpty());
        Host.until("containerd is there again", () -> host.process.pid() != first);

        assertThat(host.ended(ends).code()).isEqualTo(11);
        assertThat(host.state(stays).isRunning()).isTrue();
        var ticks = logOf(stays).lines().count();
        Host.until("it goes on printing", () -> logOf(stays).lines().count() > ticks);
        host.containers.kill(stays, Signals.KILL);
        assertThat(host.ended(stays).code()).isEqualTo(137);
        assertThat(logOf(stays).lines().toList())
                .isEqualTo(countedTo(logOf(stays).lines().count()));
    }

    private static List<String> countedTo(long count) {
        var lines = new ArrayList<String>();
        for (long i = 1; i <= count; i++) {
            lines.add("tick " + i);
        }
        return lines;
    }

    @Test
    void aContainerdThatRunsIsAdoptedNotStartedTwice() throws Exception {
        host.process.release();

        var again = ContainerdProcess.start(host.directory.resolve("data"), host.directory.resolve("run"));

        assertThat(again.pid()).isEqualTo(host.process.pid());
        again.release();
    }

    @Test
    void afterAHostsPowerCutItsContainersAreOverAndCanBeStarted() throws Exception {
        var id = host.run(Host.shell("echo once; sleep 1000"));
        Host.until("it prints", () -> logOf(id).equals("once\n"));
        var pid = ((ContainerState.Running) host.state(id)).pid();

        host.powerCut(pid);

        assertThat(host.ended(id).code()).isEqualTo(255);
        host.containers.start(id);
        Host.until("it prints again", () -> logOf(id).equals("once\nonce\n"));
    }

    @Test
    void whatARemovalLeftBehindIsSweptAway() throws Exception {
        var orphan = host.directory.resolve("data/containers").resolve(Host.id());
        host.killDaemon();
        Files.createDirectories(orphan.resolve("below"));
        Files.writeString(orphan.resolve("below/file"), "x");

        host.startDaemon();

        assertThat(orphan).doesNotExist();
    }

    @Test
    void aShimThatNoTaskBelongsToIsEndedAndNoOther() throws Exception {
        var id = host.run(Host.plan("sleep", "1000"));
        var socket = host.process.socket().toString();
        var stray = new ProcessBuilder(
                        "sh",
                        "-c",
                        "exec 3<&0; read line",
                        "containerd-shim-runc-v2",
                        "-namespace",
                        "panal",
                        "-id",
                        Host.id(),
                        "-address",
                        socket)
                .start();
        host.killDaemon();

        host.startDaemon();

        assertThat(stray.waitFor()).isEqualTo(137);
        assertThat(host.state(id).isRunning()).isTrue();
        stray.descendants().forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void aContainerWhoseShimWasKilledIsOver() throws Exception {
        var id = host.run(Host.plan("sleep", "1000"));
        var pid = ((ContainerState.Running) host.state(id)).pid();
        var shim = ProcessHandle.of(pid).flatMap(ProcessHandle::parent).orElseThrow();

        shim.destroyForcibly();

        assertThat(host.ended(id).code()).isIn(137, 255);
        host.containers.start(id);
        assertThat(host.state(id).isRunning()).isTrue();
    }

    @Test
    void whatContainerdsDeathAmongStartsInterruptsLeavesNothingBehindAndTheRestRuns() throws Exception {
        for (int round = 1; round <= 3; round++) {
            var plans = IntStream.range(0, 12)
                    .mapToObj(_ -> Host.plan("sleep", "1000"))
                    .toList();
            for (var plan : plans) {
                var _ = host.containers.create(plan);
            }
            var first = host.process.pid();
            try (var starts = Executors.newVirtualThreadPerTaskExecutor()) {
                plans.forEach(plan -> starts.submit(() -> host.containers.start(plan.id())));
                Host.until("some run", () -> !running(plans).isEmpty());
                ProcessHandle.of(first).orElseThrow().destroyForcibly();
            }

            Host.until("each runs or does not", () -> running(plans).equals(tasks()));
            for (var plan : plans) {
                host.containers.remove(plan.id(), true);
            }
            assertThat(tasks()).isEmpty();
            assertThat(groups()).isEmpty();
        }
    }

    private Set<String> running(List<ContainerPlan> plans) {
        return plans.stream()
                .map(ContainerPlan::id)
                .filter(id -> host.state(id).isRunning())
                .collect(Collectors.toSet());
    }

    private Set<String> tasks() {
        return host.containerd.tasks().list(ListTasksRequest.getDefaultInstance()).getTasksList().stream()
                .map(Process::getId)
                .collect(Collectors.toSet());
    }

    private List<Path> groups() throws IOException {
        try (var all = Files.find(
                Path.of("/sys/fs/cgroup"),
                3,
                (path, about) -> about.isDirectory()
                        && String.valueOf(path.getParent()).endsWith("panal-test-" + host.directory.getFileName()))) {
            return all.toList();
        }
    }
}
