package io.panal.node.engine;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceLogCallsTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "all", "0", "10"})
    void aServicesLogIsAskedForInANumberOfLinesOrWhole(String tail) {
        assertThatCode(() -> ServiceLogCalls.refuseTail(tail)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            many | tail value must be a positive integer or "all"
            1.5  | tail value must be a positive integer or "all"
            -3   | negative tail values not supported
            """)
    void anythingElseIsRefusedInDockersWords(String tail, String words) {
        assertThatThrownBy(() -> ServiceLogCalls.refuseTail(tail)).hasMessage(words);
    }
}
