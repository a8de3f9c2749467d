package io.panal.core.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.core.codec.Codec;
import io.panal.core.model.Id;
import io.panal.core.model.TaskState;
import io.panal.core.model.TaskStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpwardTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"Reports\":{\"Reports\":[{}]}}",
                "{\"Reports\":{\"Reports\":[null]}}",
                "{\"Reports\":{\"Reports\":[{\"Task\":\"t\"}]}}",
                "{\"Reports\":{\"Reports\":[{\"Task\":\"t\",\"Status\":{}}]}}",
                "{\"Reports\":{\"Reports\":[{\"Task\":\"t\",\"Status\":{\"State\":\"running\"}}]}}",
                "{\"Hello\":{}}",
                "{\"Hello\":{\"Description\":{\"Hostname\":\"n\"}}}",
                "{\"Unheard\":{}}",
                "[]"
            })
    void aNodeThatLeavesOutWhatIsNeededIsNotUnderstood(String said) {
        byte[] message = said.getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> Codec.JSON.read(message, Upward.class)).isInstanceOf(Codec.Malformed.class);
    }

    @Test
    void aReportsTextsAreCutBeforeTheyFillTheLog() {
        TaskStatus status = TaskStatus.of(Instant.EPOCH, TaskState.FAILED, "m".repeat(2_000_000))
                .because("e".repeat(2_000_000));

        Report report = new Report(new Id<>("t"), status);

        assertThat(report.status().message()).hasSize(4099).startsWith("mm");
        assertThat(report.status().err()).hasSize(4099).endsWith("...");
    }
}
