package io.panal.node.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinTokenTest {
    private final Authority authority = Authority.create(Instant.now());

    @Test
    void aTokenHasSwarmkitsFormAndPinsItsAuthority() {
        JoinToken token = JoinToken.create(authority.certificate(), new SecureRandom());
        assertThat(token.toString()).matches("SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{25}");
        assertThat(JoinToken.parse(" " + token + "\n")).contains(token);
        assertThat(token.pins(authority.certificate())).isTrue();
        assertThat(token.pins(Authority.create(Instant.now()).certificate())).isFalse();
    }

    @Test
    void tokensDifferByTheirSecret() {
        JoinToken one = JoinToken.create(authority.certificate(), new SecureRandom());
        JoinToken two = JoinToken.create(authority.certificate(), new SecureRandom());
        assertThat(one.digest()).isEqualTo(two.digest());
        assertThat(one.sameAs(two)).isFalse();
        assertThat(one.sameAs(JoinToken.parse(one.toString()).orElseThrow())).isTrue();
    }

    /// As recorded of Docker when it refuses an authority.
    @Test
    void theFingerprintIsTheDigestInHexadecimal() {
        JoinToken token = JoinToken.parse("SWMTKN-1-" + "1".repeat(50) + "-5x92zb4snn0i92o1gzc9nbmfs")
                .orElseThrow();
        assertThat(token.fingerprint()).isEqualTo("2944b8970a9cfc7f3fa920aae5c0394bcc716825075075075075075075075075");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SWMTKN", "SWMTKN-1-abc-def", "SWMTKN-2-1-0-0"})
    void whatHasAnotherFormIsNoToken(String text) {
        assertThat(JoinToken.parse(text)).isEmpty();
    }
}
