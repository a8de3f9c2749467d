package io.panal.core.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.core.codec.Codec;
import io.panal.core.model.ServiceSpec;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Expected texts are Go's, of dockerd 20.10.24, but for the names of types.
class ShapeTest {
    private static JsonNode fit(String body) {
        return Shape.fit(Codec.JSON.parse(body.getBytes(StandardCharsets.UTF_8)), ServiceSpec.class);
    }

    @Test
    void aNameCountsWhateverItsCapitals() {
        // The Python SDK writes the mode in small letters.
        assertThat(fit("{\"name\":\"a\",\"Mode\":{\"replicated\":{\"REPLICAS\":2}}}")
                        .toString())
                .isEqualTo("{\"Name\":\"a\",\"Mode\":{\"Replicated\":{\"Replicas\":2}}}");
        assertThat(fit("{\"tasktemplate\":{\"containerspec\":{\"dnsconfig\":{\"nameservers\":[]}}}}")
                        .toString())
                .isEqualTo("{\"TaskTemplate\":{\"ContainerSpec\":{\"DNSConfig\":{\"Nameservers\":[]}}}}");
    }

    @Test
    void aUsersOwnWordsKeepTheirCapitals() {
        String body = "{\"Labels\":{\"name\":\"x\",\"Name\":\"y\"}}";

        assertThat(fit(body).toString()).isEqualTo(body);
    }

    @Test
    void aModesUnknownKeysSayNothing() {
        // docker-java adds a key of its own.
        assertThat(fit("{\"Mode\":{\"mode\":\"REPLICATED\",\"Replicated\":{\"Replicas\":2}}}")
                        .toString())
                .isEqualTo("{\"Mode\":{\"Replicated\":{\"Replicas\":2}}}");
    }

    @Test
    void nullSaysNothing() {
        assertThat(fit("null").toString()).isEqualTo("{}");
        assertThat(fit("{\"Name\":null,\"Mode\":null}").toString()).isEqualTo("{\"Name\":null,\"Mode\":null}");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            []                                            | array into Go value of type swarm.ServiceSpec
            {"Name":5}                                    | number into Go struct field ServiceSpec.Name of type string
            {"Mode":"x"}                                  | string into Go struct field ServiceSpec.Mode of type swarm.Mode
            {"Mode":{"Replicated":{"Replicas":-1}}}       | number -1 into Go struct field ReplicatedService.Mode.Replicated.Replicas of type uint64
            {"Mode":{"Replicated":{"Replicas":"3"}}}      | string into Go struct field ReplicatedService.Mode.Replicated.Replicas of type uint64
            {"Mode":{"Replicated":{"Replicas":1.5}}}      | number 1.5 into Go struct field ReplicatedService.Mode.Replicated.Replicas of type uint64
            {"UpdateConfig":{"Parallelism":-1}}           | number -1 into Go struct field UpdateConfig.UpdateConfig.Parallelism of type uint64
            {"EndpointSpec":{"Ports":[{"TargetPort":-1}]}} | number -1 into Go struct field PortConfig.EndpointSpec.Ports.TargetPort of type uint32
            {"TaskTemplate":{"ContainerSpec":{"Env":"a"}}} | string into Go struct field ContainerSpec.TaskTemplate.ContainerSpec.Env of type []string
            {"Labels":{"a":1}}                            | number into Go struct field ServiceSpec.Labels of type string
            """)
    void refusesAValueOfAnotherType(String body, String message) {
        assertThatThrownBy(() -> fit(body))
                .isInstanceOfSatisfying(
                        ApiRefusal.class,
                        refusal -> assertThat(refusal.answer())
                                .isEqualTo(ApiResult.Answered.refused(400, "json: cannot unmarshal " + message)));
    }

    @Test
    void aNumberBelowZeroIsRefusedOnlyWhereTheApiHasNone() {
        String body = "{\"UpdateConfig\":{\"Delay\":-1}}";

        assertThat(fit(body).toString()).isEqualTo(body);
    }
}
