package io.panal.node.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.agent.Assignment;
import io.panal.core.codec.Codec;
import io.panal.core.model.Id;
import io.panal.core.model.PortConfig;
import io.panal.core.model.Task;
import io.panal.core.model.TaskSpec;
import io.panal.core.model.TaskState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TaskDetailsTest {
    private static final String CONTAINER = "0123456789abcdef";

    private static JsonNode shown(String containerSpec, List<PortConfig> ports, List<Task.Attachment> attachments)
            throws IOException {
        String spec = "{\"ContainerSpec\":%s}".formatted(containerSpec);
        Assignment order = new Assignment(
                new Id<>("t1"),
                1,
                TaskState.RUNNING,
                new Assignment.ServiceIdentity(new Id<>("s1"), "web", Map.of()),
                Codec.JSON.read(spec.getBytes(StandardCharsets.UTF_8), TaskSpec.class),
                ports,
                attachments,
                false,
                false,
                Map.of(),
                "");
        String text = TaskDetails.text(order, CONTAINER, "web-1", Map.of("n1", "back"));
        return Codec.JSON.parse(text.getBytes(StandardCharsets.UTF_8)).path("Task");
    }

    private static PortConfig port(String json) throws IOException {
        return Codec.JSON.read(json.getBytes(StandardCharsets.UTF_8), PortConfig.class);
    }

    private static JsonNode json(String text) throws IOException {
        return Codec.JSON.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void portsOfTheHostAreExposedAndBoundWhereTheyWerePublished() throws IOException {
        JsonNode task = shown(
                "{\"Image\":\"web:1\"}",
                List.of(
                        port(
                                "{\"Protocol\":\"tcp\",\"TargetPort\":80,\"PublishedPort\":8080,\"PublishMode\":\"host\"}"),
                        port(
                                "{\"Protocol\":\"tcp\",\"TargetPort\":80,\"PublishedPort\":8081,\"PublishMode\":\"host\"}"),
                        port("{\"Protocol\":\"udp\",\"TargetPort\":53,\"PublishMode\":\"host\"}")),
                List.of());

        assertThat(task.path("Image")).isEqualTo(json("\"web:1\""));
        assertThat(task.path("ExposedPorts")).isEqualTo(json("{\"80/tcp\":{},\"53/udp\":{}}"));
        assertThat(task.path("HostConfig").path("PortBindings")).isEqualTo(json("""
                        {"80/tcp": [{"HostIp": "", "HostPort": "8080"}, {"HostIp": "", "HostPort": "8081"}],
                         "53/udp": [{"HostIp": "", "HostPort": "53"}]}
                        """));
    }

    @Test
    void mountsAndNamesAreShownAsTheServiceSaysThem() throws IOException {
        JsonNode host = shown("""
                        {"Image": "web:1",
                         "Mounts": [{"Type": "volume", "Source": "data", "Target": "/data"},
                                    {"Type": "bind", "Source": "/srv", "Target": "/srv", "ReadOnly": true}],
                         "Hosts": ["10.0.0.1 db"],
                         "DNSConfig": {"Nameservers": ["1.1.1.1"], "Search": ["example.org"], "Options": ["ndots:2"]}}
                        """, List.of(), List.of()).path("HostConfig");

        assertThat(host.path("Mounts")
                        .valueStream()
                        .map(mount -> "%s %s %s %b"
                                .formatted(
                                        mount.path("Type").asString(""),
                                        mount.path("Source").asString(""),
                                        mount.path("Target").asString(""),
                                        mount.path("ReadOnly").asBoolean(false))))
                .containsExactly("volume data /data false", "bind /srv /srv true");
        assertThat(host.path("ExtraHosts")).isEqualTo(json("[\"db:10.0.0.1\"]"));
        assertThat(host.path("Dns")).isEqualTo(json("[\"1.1.1.1\"]"));
        assertThat(host.path("DnsSearch")).isEqualTo(json("[\"example.org\"]"));
        assertThat(host.path("DnsOptions")).isEqualTo(json("[\"ndots:2\"]"));
    }

    @Test
    void nothingIsSaidOfWhatTheServiceDoesNotName() throws IOException {
        JsonNode task = shown("{\"Image\":\"web:1\"}", List.of(), List.of());

        assertThat(task.path("HostConfig")).isEqualTo(json("{\"PortBindings\":{}}"));
        assertThat(task.path("Networks")).isEqualTo(json("{}"));
    }

    @Test
    void networksGoByNameOrElseByIdAndThoseWithoutAnAddressAreLeftOut() throws IOException {
        JsonNode networks = shown(
                        "{\"Image\":\"web:1\"}",
                        List.of(),
                        List.of(
                                new Task.Attachment(new Id<>("n1"), List.of("10.0.1.7/24"), List.of()),
                                new Task.Attachment(new Id<>("n2"), List.of("10.0.2.7/24"), List.of()),
                                new Task.Attachment(new Id<>("n3"), List.of(), List.of())))
                .path("Networks");

        assertThat(networks).isEqualTo(json("""
                        {"back": {"NetworkID": "n1", "IPAMConfig": {"IPv4Address": "10.0.1.7"},
                                  "Aliases": ["0123456789ab", "web-1"]},
                         "n2": {"NetworkID": "n2", "IPAMConfig": {"IPv4Address": "10.0.2.7"},
                                "Aliases": ["0123456789ab", "web-1"]}}
                        """));
    }
}
