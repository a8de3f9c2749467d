package io.panal.machines.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "node-1", "docker-swarm-manager-1", "Node1", "1st"})
    void aDnsLabelIsAName(String text) throws Exception {
        assertThat(MachineName.of(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a_b", "-a", "a/b", "../a", "ñ", "a b"})
    void otherCharactersAreRefusedInTheWordsOfDockerMachine(String text) {
        assertThatThrownBy(() -> MachineName.of(text))
                .hasMessage("Invalid hostname specified. Allowed hostname chars are: 0-9a-zA-Z . -");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b", "a-", "x123456789x123456789x123456789x123456789x123456789x123456789x123"})
    void whatIsNoLabelIsRefusedAndSaysWhy(String text) {
        assertThatThrownBy(() -> MachineName.of(text)).hasMessageContaining("\"" + text + "\" is no DNS label");
    }
}
