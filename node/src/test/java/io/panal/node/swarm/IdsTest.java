package io.panal.node.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.node.identity.SigningRequest;
import java.security.KeyPair;
import org.junit.jupiter.api.Test;

class IdsTest {
    @Test
    void whoAsksAgainWithItsKeyIsTheSameNode() {
        KeyPair key = SigningRequest.newKey();
        String id = Ids.of(key.getPublic());
        assertThat(id).matches("[0-9a-z]{25}").isEqualTo(Ids.of(key.getPublic()));
        assertThat(Ids.of(SigningRequest.newKey().getPublic())).isNotEqualTo(id);
    }

    @Test
    void aFreshIdIsNobodysYet() {
        assertThat(Ids.fresh()).matches("[0-9a-z]{25}").isNotEqualTo(Ids.fresh());
    }
}
