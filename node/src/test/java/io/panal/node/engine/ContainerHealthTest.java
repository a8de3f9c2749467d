package io.panal.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Health checks of containers that users run by themselves.
@Timeout(120)
class ContainerHealthTest extends OnOneEngine {
    @Test
    void aHealthCheckFindsAContainerIllAndWellAgain() throws Exception {
        String check = "cat /tmp/well";
        host.docker.run(
                "run",
                "-d",
                "--name",
                "sick",
                "--health-cmd",
                check,
                "--health-interval",
                "100ms",
                "--health-retries",
                "2",
                "busybox",
                "sleep",
                "100");

        host.await("(unhealthy)", "ps", "--format", "{{.Status}}", "--filter", "name=sick");
        String log = host.docker
                .run("inspect", "sick", "--format", "{{json .State.Health}} {{json .Config.Healthcheck}}")
                .out();
        assertThat(log)
                .contains("\"Status\":\"unhealthy\"", "can't open '/tmp/well': No such file or directory")
                .contains("\"Test\":[\"CMD-SHELL\",\"cat /tmp/well\"],\"Interval\":100000000,\"Retries\":2");
        host.docker.run("exec", "sick", "touch", "/tmp/well");
        host.await(
                "healthy", "inspect", "sick", "--format", "{{.State.Health.Status}} {{.State.Health.FailingStreak}}");
        host.await("sick", "ps", "--format", "{{.Names}}", "--filter", "health=healthy");
        host.await("5", "inspect", "sick", "--format", "{{len .State.Health.Log}}");
        host.docker.run("rm", "-f", "sick");
    }

    @Test
    void aHealthCheckThatTakesTooLongHasFailed() throws Exception {
        host.docker.run(
                "run",
                "-d",
                "--name",
                "slow",
                "--health-cmd",
                "sleep 50",
                "--health-interval",
                "100ms",
                "--health-timeout",
                "100ms",
                "--health-retries",
                "1",
                "busybox",
                "sleep",
                "100");

        host.await(
                "unhealthy -1 Health check exceeded timeout (100ms)",
                "inspect",
                "slow",
                "--format",
                "{{.State.Health.Status}} {{with index .State.Health.Log 0}}{{.ExitCode}} {{.Output}}{{end}}");
        host.docker.run("rm", "-f", "slow");
    }
}
