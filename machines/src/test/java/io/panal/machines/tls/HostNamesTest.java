package io.panal.machines.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostNamesTest {
    private static HostNames names(String names, String addresses) {
        return new HostNames(
                split(names),
                split(addresses).stream().map(InetAddress::ofLiteral).toList());
    }

    private static List<String> split(String list) {
        return Arrays.stream(Optional.ofNullable(list).orElse("").split(" "))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    @ParameterizedTest(name = "for {0} and {1}, asked as {2}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            node1         | 10.0.0.1 | 10.0.0.1        | true
            node1         | 10.0.0.1 | 10.0.0.2        | false
            node1         | 10.0.0.1 | node1           | true
            node1         |          | NODE1.          | true
            node1         |          | node1.example   | false
            10.0.0.1      |          | 10.0.0.1        | false
                          | ::1      | 0:0:0:0:0:0:0:1 | true
            *.example.org |          | a.example.org   | true
            *.example.org |          | a.b.example.org | false
            *.example.org |          | example.org     | false
            *.example.org |          | .example.org    | false
            a*.example.org|          | ab.example.org  | false
                          |          | node1           | false
            """)
    void aCertificateIsForItsAlternativeNamesOnly(String names, String addresses, String host, boolean included) {
        assertThat(names(names, addresses).include(host)).isEqualTo(included);
    }

    @Test
    void aRefusalNamesWhatTheCertificateIsFor() {
        HostNames names = names("node1 localhost", "10.0.0.1");

        assertThat(names.refusal("10.0.0.2")).isEqualTo("certificate is valid for 10.0.0.1, not 10.0.0.2");
        assertThat(names.refusal("node2")).isEqualTo("certificate is valid for node1, localhost, not node2");
        assertThat(names("node1", "").refusal("10.0.0.2"))
                .isEqualTo("cannot validate certificate for 10.0.0.2 because it doesn't contain any IP SANs");
    }
}
