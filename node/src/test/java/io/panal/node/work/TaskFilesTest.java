package io.panal.node.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.core.agent.Assignment;
import io.panal.core.codec.Codec;
import io.panal.core.model.Id;
import io.panal.core.model.TaskSpec;
import io.panal.core.model.TaskState;
import io.panal.node.containers.MountPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskFilesTest {
    private final TaskFiles files;

    TaskFilesTest(@TempDir Path directory) {
        files = new TaskFiles(directory);
    }

    private List<MountPlan> written(String containerSpec) throws IOException {
        String spec = "{\"ContainerSpec\":%s}".formatted(containerSpec);
        Assignment order = new Assignment(
                new Id<>("t1"),
                1,
                TaskState.RUNNING,
                new Assignment.ServiceIdentity(new Id<>("s1"), "web", Map.of()),
                Codec.JSON.read(spec.getBytes(StandardCharsets.UTF_8), TaskSpec.class),
                List.of(),
                List.of(),
                false,
                false,
                Map.of("x1", Base64.getEncoder().encodeToString("word".getBytes(StandardCharsets.UTF_8))),
                "");
        return files.write(order, ContainerPlans.container(order));
    }

    private static String described(MountPlan mount) throws IOException {
        Path file = Path.of(((MountPlan.Bind) mount).source());
        return "%s %s:%s %o %s"
                .formatted(
                        mount.target(),
                        Files.getAttribute(file, "unix:uid"),
                        Files.getAttribute(file, "unix:gid"),
                        (int) Files.getAttribute(file, "unix:mode") & 07777,
                        Files.readString(file));
    }

    @Test
    void eachMentionOfASecretHasItsOwnNameOwnerAndMode() throws IOException {
        List<String> found = new ArrayList<>();
        for (MountPlan mount : written("""
                {"Secrets": [
                   {"SecretID": "x1", "SecretName": "s",
                    "File": {"Name": "s", "UID": "0", "GID": "0", "Mode": 292}},
                   {"SecretID": "x1", "SecretName": "s",
                    "File": {"Name": "other", "UID": "1000", "GID": "1001", "Mode": 256}},
                   {"SecretID": "unknown", "SecretName": "u"}],
                 "Configs": [
                   {"ConfigID": "x1", "ConfigName": "c",
                    "File": {"Name": "/etc/c", "UID": "7", "GID": "0", "Mode": 493}},
                   {"ConfigID": "x1", "ConfigName": "c"}]}""")) {
            found.add(described(mount));
        }

        assertThat(found)
                .containsExactly(
                        "/run/secrets/s 0:0 444 word",
                        "/run/secrets/other 1000:1001 400 word",
                        "/etc/c 7:0 755 word",
                        "/c 0:0 444 word");
    }

    @Test
    void anOwnerIsANumber() {
        assertThatThrownBy(() -> written("""
                {"Secrets": [{"SecretID": "x1", "SecretName": "s", "File": {"Name": "s", "UID": "bob"}}]}""")).hasMessageContaining("\"bob\"");
    }
}
