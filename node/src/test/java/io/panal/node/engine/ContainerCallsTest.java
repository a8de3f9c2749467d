package io.panal.node.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerCallsTest {
    @Test
    void aLimitCountsContainersAndNoneIsAll() throws Exception {
        assertThat(ContainerCalls.limit("3")).isEqualTo(3);
        assertThat(ContainerCalls.limit("")).isZero();
        assertThat(ContainerCalls.limit("-1")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"many", "1.5", "1 2"})
    void aLimitThatIsNoNumberIsRefusedInDockersWords(String limit) {
        assertThatThrownBy(() -> ContainerCalls.limit(limit))
                .hasMessage("strconv.Atoi: parsing \"%s\": invalid syntax".formatted(limit));
    }
}
