package io.panal.node.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.core.codec.Codec;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ForeignWishesTest {
    private static JsonNode json(String text) throws Exception {
        return Codec.JSON.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'HostConfig':{'Devices':[{'PathOnHost':'/dev/fuse'}]}} | --device is not supported",
                "{'HostConfig':{'DeviceRequests':[{'Count':-1}]}} | --gpus is not supported",
                "{'HostConfig':{'PidMode':'host'}} | --pid host is not supported",
                "{'HostConfig':{'IpcMode':'container:x'}} | --ipc container:x is not supported",
                "{'StopSignal':'FOO'} | invalid signal: FOO",
            })
    void whatAContainerCannotDoWithoutIsRefusedByItsOption(String body, String text) {
        assertThatThrownBy(() -> ForeignWishes.refuse(json(body))).hasMessageContaining(text);
    }

    @Test
    void whatAClientSendsUnaskedIsTaken() throws Exception {
        String unasked = """
                {'StopSignal':'SIGQUIT','HostConfig':{'Devices':[],'DeviceRequests':null,'VolumesFrom':null,'Links':null,
                'PidMode':'','IpcMode':'private','UTSMode':'','CgroupnsMode':'private','CpuShares':0,'CpusetCpus':''}}""";

        assertThatCode(() -> ForeignWishes.refuse(json(unasked))).doesNotThrowAnyException();
        assertThat(ForeignWishes.warnings(json(unasked).path("HostConfig"))).isEmpty();
    }

    @Test
    void aShareThatIsLeftOutIsTold() throws Exception {
        assertThat(ForeignWishes.warnings(json("{'CpuShares':512,'CpusetCpus':'0-1'}")))
                .containsExactly(
                        "--cpu-shares is not supported and was left out.",
                        "--cpuset-cpus is not supported and was left out.");
    }
}
