package io.panal.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.core.manager.control.Command;
import io.panal.core.model.Id;
import io.panal.core.model.PortConfig;
import io.panal.core.model.ServiceSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodecTest {
    /// As the docker client 28.2.2 sends it for `service create` with many flags (shortened).
    private static final String SENT = """
            {"Name":"web","Labels":{},"TaskTemplate":{"ContainerSpec":{"Image":"web:1","Args":["sleep","1000"],"Init":false,\
            "TTY":true,"Mounts":[{"Type":"tmpfs","Target":"/s","TmpfsOptions":{"SizeBytes":1048576,"Mode":1016}}],\
            "StopGracePeriod":5000000000,"DNSConfig":{"Nameservers":["1.1.1.1"]},\
            "Secrets":[{"File":{"Name":"sec","UID":"1000","GID":"1000","Mode":256},"SecretID":"s1","SecretName":"pre_s"}]},\
            "Resources":{"Limits":{"NanoCPUs":500000000,"Pids":100},"Reservations":{}},\
            "RestartPolicy":{"Condition":"on-failure","Delay":3000000000,"MaxAttempts":4},\
            "Placement":{"Constraints":["node.role==worker"],"Preferences":[{"Spread":{"SpreadDescriptor":"node.labels.rack"}}],\
            "Platforms":[{"Architecture":"amd64","OS":"linux"}]},"ForceUpdate":0},"Mode":{"Replicated":{"Replicas":3}},\
            "UpdateConfig":{"Parallelism":2,"FailureAction":"rollback","MaxFailureRatio":0,"Order":"start-first"},\
            "EndpointSpec":{"Mode":"vip","Ports":[{"Protocol":"tcp","TargetPort":80,"PublishedPort":8000,"PublishMode":"ingress"}]}}""";

    @Test
    void aSpecComesBackAsItWasSent() {
        ServiceSpec spec = Codec.JSON.read(bytes(SENT), ServiceSpec.class);

        assertThat(Codec.JSON.parse(Codec.JSON.write(spec))).isEqualTo(Codec.JSON.parse(bytes(SENT)));
    }

    @Test
    void theBinaryFormKeepsEverything() {
        ServiceSpec spec = Codec.JSON.read(bytes(SENT), ServiceSpec.class);
        Command command = new Command.CreateService(new Id<>("abc"), spec, "");

        assertThat(Codec.BINARY.read(Codec.BINARY.write(command), Command.class))
                .isEqualTo(command);
    }

    @Test
    void whatIsAbsentOrNullReadsAsEmpty() {
        ServiceSpec spec = Codec.JSON.read(
                bytes(
                        "{\"Name\":null,\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"x\",\"Env\":null}},\"Networks\":null}"),
                ServiceSpec.class);

        assertThat(spec.name()).isEmpty();
        assertThat(spec.labels()).isEmpty();
        assertThat(spec.networks()).isEmpty();
        assertThat(spec.mode()).isEqualTo(ServiceSpec.Mode.REPLICATED_ONCE);
        assertThat(spec.taskTemplate().containerSpec().orElseThrow().grace()).isEqualTo(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T18:58:28.986060730Z, 2026-11-22T18:58:28.98606073Z",
        "2026-11-22T18:58:28.100Z, 2026-11-22T18:58:28.1Z",
        "2026-11-22T18:58:28Z, 2026-11-22T18:58:28Z",
        "2026-11-22T18:58:20Z, 2026-11-22T18:58:20Z",
        "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z"
    })
    void aTimeHasNoZerosAtItsEndAsInGo(Instant at, String written) {
        assertThat(Codec.JSON.tree(at).asString()).isEqualTo(written);
        assertThat(Codec.JSON.read(Codec.JSON.write(at), Instant.class)).isEqualTo(at);
    }

    @Test
    void aPortWithoutWordsIsTcpThroughTheMesh() {
        PortConfig port = Codec.JSON.read(bytes("{\"TargetPort\":80}"), PortConfig.class);

        assertThat(port.protocol()).isEqualTo(PortConfig.Protocol.TCP);
        assertThat(port.publishMode()).isEqualTo(PortConfig.PublishMode.INGRESS);
    }

    @Test
    void malformedBytesAreToldApartFromBugs() {
        assertThatThrownBy(() -> Codec.JSON.read(bytes("{\"Name\":"), ServiceSpec.class))
                .isInstanceOf(Codec.Malformed.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
