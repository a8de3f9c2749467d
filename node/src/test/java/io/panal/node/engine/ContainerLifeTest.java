package io.panal.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Containers from their start to their end, and what they leave, as the stock docker client sees them.
@Timeout(120)
class ContainerLifeTest extends OnOneEngine {
    private static final String REFUSED = "{{.State.ExitCode}} {{ne .State.Error \"\"}}";

    @Test
    void aContainerThatIsToGoOnIsStartedAgain() throws Exception {
        host.docker.run("run", "-d", "--name", "twice", "--restart", "on-failure:2", "busybox", "false");
        host.docker.run("run", "-d", "--name", "always", "--restart", "always", "busybox", "sh", "-c", "sleep 0.2");

        host.await("exited 2", "inspect", "twice", "--format", "{{.State.Status}} {{.RestartCount}}");
        host.await("2", "inspect", "always", "--format", "{{.RestartCount}}");
        host.docker.run("stop", "-t", "0", "always");
        host.await("exited", "inspect", "always", "--format", "{{.State.Status}}");
        assertThat(host.docker
                        .run("run", "--restart", "sometimes", "busybox", "true")
                        .err())
                .contains("invalid restart policy");
        host.docker.run("rm", "-f", "twice", "always");
    }

    @Test
    void aStartAgainThatIsRefusedIsTriedAgainUntilItSucceedsOrIsStopped() throws Exception {
        Path needed = Files.createDirectory(host.directory.resolve("needed"));
        String again = "until [ ! -e /needed/go ]; do sleep 0.05; done";
        for (String name : List.of("back", "stopped")) {
            Files.writeString(needed.resolve("go"), "");
            host.docker.run(
                    "run",
                    "-d",
                    "--name",
                    name,
                    "--restart",
                    "always",
                    "-v",
                    needed + ":/needed",
                    "busybox",
                    "sh",
                    "-c",
                    again);
        }
        Path away = Files.move(needed, host.directory.resolve("away"));
        Files.delete(away.resolve("go"));

        host.await("127 true", "inspect", "back", "--format", REFUSED);
        host.await("127 true", "inspect", "stopped", "--format", REFUSED);
        host.docker.run("stop", "stopped");
        Files.writeString(away.resolve("go"), "");
        Files.move(away, needed);

        host.await("running", "inspect", "back", "--format", "{{.State.Status}}");
        assertThat(host.docker
                        .run("inspect", "stopped", "--format", "{{.State.Status}} {{.RestartCount}}")
                        .out())
                .isEqualTo("exited 0\n");
        host.docker.run("rm", "-f", "back", "stopped");
    }

    @Test
    void limitsAndTheRestartPolicyOfARunningContainerCanBeChanged() throws Exception {
        host.docker.run("run", "-d", "--name", "grows", "--memory", "32m", "busybox", "sleep", "100");

        assertThat(host.docker.run(
                        "update", "--memory", "64m", "--memory-swap", "64m", "--restart", "unless-stopped", "grows"))
                .isEqualTo(new StockDocker.Outcome(0, "grows\n", ""));
        assertThat(host.docker
                        .run(
                                "inspect",
                                "grows",
                                "--format",
                                "{{.HostConfig.Memory}} {{.HostConfig.RestartPolicy.Name}}")
                        .out())
                .isEqualTo("67108864 unless-stopped\n");
        host.docker.run("rm", "-f", "grows");
    }

    @Test
    void aContainerLivesItsWholeLife() throws Exception {
        host.docker.run(
                "run", "-d", "--name", "life", "-l", "k=v", "busybox", "sh", "-c", "echo out; echo err >&2; sleep 100");

        StockDocker.Outcome exec = host.docker.run("exec", "life", "sh", "-c", "echo one; echo two >&2; exit 5");
        assertThat(exec).isEqualTo(new StockDocker.Outcome(5, "one\n", "two\n"));
        assertThat(host.docker.run("exec", "life", "nosuch").code()).isEqualTo(127);
        assertThat(host.docker.run("logs", "life")).isEqualTo(new StockDocker.Outcome(0, "out\n", "err\n"));
        assertThat(host.docker
                        .run("ps", "-f", "label=k=v", "--format", "{{.Names}} {{.State}} {{.Image}}")
                        .out())
                .isEqualTo("life running busybox\n");
        assertThat(host.docker.run("top", "life").out()).contains("sleep 100");
        assertThat(host.docker.run("rm", "life").err()).contains("You cannot remove a running container");
        assertThat(host.docker.run("run", "--name", "life", "busybox").err())
                .contains("The container name \"/life\" is already in use");
        assertThat(host.docker.run("kill", "life").code()).isZero();
        assertThat(host.docker.run("wait", "life").out()).isEqualTo("137\n");
        assertThat(host.docker.run("exec", "life", "true").err()).contains("is not running");
        assertThat(host.docker.run("start", "life").code()).isZero();
        assertThat(host.docker.run("rm", "-f", "life").out()).isEqualTo("life\n");
        assertThat(host.docker.run("ps", "-aq", "-f", "name=life").out()).isEmpty();
    }

    @Test
    void whatAContainerChangedIsListedAndMeasured() throws Exception {
        String script =
                "echo 12345 > /srv-new; busybox mkdir -p /a/b; touch /a/b/c; echo more >> /etc/passwd; busybox rm /bin/false";
        host.docker.run("run", "--name", "changed", "busybox", "sh", "-c", script);
        host.docker.run("run", "--name", "unchanged", "busybox", "true");

        assertThat(host.docker.run("diff", "changed").out().lines())
                .containsExactlyInAnyOrder(
                        "C /bin",
                        "D /bin/false",
                        "C /etc",
                        "C /etc/passwd",
                        "A /a",
                        "A /a/b",
                        "A /a/b/c",
                        "A /srv-new");
        assertThat(host.docker.run("diff", "unchanged").out()).isEmpty();
        assertThat(host.docker
                        .run("ps", "-as", "--filter", "name=unchanged", "--format", "{{.Size}}")
                        .out())
                .matches("0B \\(virtual [0-9.]+MB\\)\n");
        assertThat(host.docker
                        .run("inspect", "-s", "--format", "{{.SizeRw}}", "unchanged")
                        .out())
                .isEqualTo("0\n");
        host.docker.run("rm", "changed", "unchanged");
    }

    @Test
    void aContainerIsGivenTheTimeToStopThatItWasMadeWith() throws Exception {
        String slow = "trap 'sleep 3; exit 5' TERM; while :; do sleep 0.1; done";
        host.docker.run("run", "-d", "--stop-timeout", "0", "--name", "hasty", "busybox", "sh", "-c", slow);

        host.docker.run("stop", "hasty");

        assertThat(host.docker
                        .run("inspect", "--format", "{{.State.ExitCode}} {{.Config.StopTimeout}}", "hasty")
                        .out())
                .isEqualTo("137 0\n");
        host.docker.run("rm", "hasty");
    }
}
