package io.panal.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameTableTest {
    private static final List<String> ON_IT = List.of("sixnetwork");
    private static final String ZEROS = "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.0.0.d.f.ip6.arpa";

    private final NameTable table = new NameTable(
            List.of(new Overlay(
                    "sixnetwork",
                    "six",
                    4097,
                    List.of(),
                    0,
                    false,
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    List.of(new Overlay.Service(
                            "web",
                            List.of(),
                            List.of("fd00:1::a00:102"),
                            List.of(new Overlay.Backend("fd00:1::a00:103", List.of("web.1.x", "0123456789ab"))))),
                    List.of())),
            List.of(),
            List.of());

    @Test
    void anAddressOfIpv6HasItsName() {
        assertThat(table.nameOf("2.0.1.0.0.0.a.0." + ZEROS, ON_IT)).contains("web.six");
        assertThat(table.nameOf("3.0.1.0.0.0.a.0." + ZEROS, ON_IT)).contains("web.1.x.six");
        assertThat(table.nameOf("4.0.1.0.0.0.a.0." + ZEROS, ON_IT)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ip6.arpa", ".ip6.arpa", "1.2.ip6.arpa", "x.0.1.0.0.0.a.0." + ZEROS, "256.1.0.10.in-addr.arpa"})
    void whatNamesNoAddressHasNone(String reverse) {
        assertThat(table.nameOf(reverse, ON_IT)).isEmpty();
    }
}
