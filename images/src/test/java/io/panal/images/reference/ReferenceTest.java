package io.panal.images.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceTest {
    private static final String DIGEST = "sha256:e946dd833dd124fe3380cea472bbdc230821b7d560dc8f6c93089e3471043ef7";

    @ParameterizedTest(name = "{0} is {1}, shown as {2}, asked of {3}")
    @CsvSource(delimiter = '|', textBlock = """
                    nginx                   | docker.io/library/nginx      | nginx                   | registry-1.docker.io
                    nginx:1.27              | docker.io/library/nginx:1.27 | nginx:1.27              | registry-1.docker.io
                    library/nginx           | docker.io/library/nginx      | nginx                   | registry-1.docker.io
                    docker.io/nginx         | docker.io/library/nginx      | nginx                   | registry-1.docker.io
                    index.docker.io/a/b     | docker.io/a/b                | a/b                     | registry-1.docker.io
                    a/b/c:x                 | docker.io/a/b/c:x            | a/b/c:x                 | registry-1.docker.io
                    localhost/web           | localhost/web                | localhost/web           | localhost
                    localhost:5000/web:1    | localhost:5000/web:1         | localhost:5000/web:1    | localhost:5000
                    192.168.66.1:5000/web:1 | 192.168.66.1:5000/web:1      | 192.168.66.1:5000/web:1 | 192.168.66.1:5000
                    [::1]:5000/a/web        | [::1]:5000/a/web             | [::1]:5000/a/web        | [::1]:5000
                    Host/a                  | Host/a                       | Host/a                  | Host
                    a__b/c-d.e--f           | docker.io/a__b/c-d.e--f      | a__b/c-d.e--f           | registry-1.docker.io
                    """)
    void namesAreCompletedAsDockerDoes(String text, String whole, String familiar, String host) throws Exception {
        Reference reference = Reference.parse(text);
        assertThat(reference).hasToString(whole);
        assertThat(reference.familiar()).isEqualTo(familiar);
        assertThat(reference.registryHost()).isEqualTo(host);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    BAD           | invalid reference format: repository name (library/BAD) must be lowercase
                    Orc/BAD:1     | invalid reference format: repository name (BAD) must be lowercase
                    a/BAD         | invalid reference format: repository name (a/BAD) must be lowercase
                    a:b:c         | invalid reference format
                    a..b          | invalid reference format
                    -a            | invalid reference format
                    a/            | invalid reference format
                    a@sha256:1234 | invalid reference format
                    nginx:-x      | invalid reference format
                    ''            | invalid reference format
                    e946dd833dd124fe3380cea472bbdc230821b7d560dc8f6c93089e3471043ef7 | invalid repository name (e946dd833dd124fe3380cea472bbdc230821b7d560dc8f6c93089e3471043ef7), cannot specify 64-byte hexadecimal strings
                    """)
    void badNamesAreRefusedWithDockersWords(String text, String words) {
        assertThatThrownBy(() -> Reference.parse(text))
                .isInstanceOf(InvalidReferenceException.class)
                .hasMessage(words);
    }

    @Test
    void aDigestIsAskedForBeforeATag() throws Exception {
        Reference both = Reference.parse("nginx:1@" + DIGEST);
        assertThat(both.selector()).isEqualTo(DIGEST);
        assertThat(both.tag()).contains("1");
        assertThat(both.familiar()).isEqualTo("nginx:1@" + DIGEST);
        assertThat(Reference.parse("nginx").taggedByDefault().familiar()).isEqualTo("nginx:latest");
        assertThat(Reference.parse("nginx").pinnedTo(Digest.parse(DIGEST)).taggedByDefault())
                .hasToString("docker.io/library/nginx@" + DIGEST);
    }

    @Test
    void aDigestOfAnUnknownAlgorithmOrALengthNotItsOwnIsRefused() {
        assertThatThrownBy(() -> Reference.parse("a@md5:d41d8cd98f00b204e9800998ecf8427e"))
                .hasMessage("unsupported digest algorithm");
        assertThatThrownBy(() -> Reference.parse("a@sha256:d41d8cd98f00b204e9800998ecf8427e"))
                .hasMessage("invalid checksum digest length");
    }
}
