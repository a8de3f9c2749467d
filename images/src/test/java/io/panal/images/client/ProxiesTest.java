package io.panal.images.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxiesTest {
    private static final Proxies PROXIES = new Proxies(Map.of(
            "HTTPS_PROXY", "http://proxy.example:3128",
            "http_proxy", "plain.example:8080",
            "HTTP_PROXY", "http://never.example:1",
            "NO_PROXY", "inside.example, .part.example,*.star.example"));

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "https://registry-1.docker.io/v2/, proxy.example:3128",
        "http://registry.example/v2/, plain.example:8080",
        "https://inside.example/, ''",
        "https://a.inside.example/, ''",
        "https://outinside.example/, proxy.example:3128",
        "https://a.part.example/, ''",
        "https://part.example/, proxy.example:3128",
        "https://a.star.example/, ''",
        "https://localhost:5000/, ''",
        "https://127.0.0.1:5000/, ''",
        "https://192.168.66.1:5000/, ''",
        "https://[::1]:5000/, ''",
        "https://8.8.8.8/, proxy.example:3128",
    })
    void aProxyIsAskedForWhatIsNeitherPrivateNorExempt(String url, String proxy) {
        String chosen = PROXIES.proxy(URI.create(url))
                .map(address -> address.getHostString() + ":" + address.getPort())
                .orElse("");
        assertThat(chosen).isEqualTo(proxy);
    }
}
