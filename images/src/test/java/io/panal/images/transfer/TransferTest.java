package io.panal.images.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.images.MemoryContent;
import io.panal.images.SampleImage;
import io.panal.images.client.Access;
import io.panal.images.client.Credentials;
import io.panal.images.client.RegistryClient;
import io.panal.images.client.RegistryException;
import io.panal.images.manifest.Descriptor;
import io.panal.images.manifest.Manifest;
import io.panal.images.manifest.MediaType;
import io.panal.images.manifest.Platform;
import io.panal.images.reference.Reference;
import io.panal.images.registry.RegistryServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransferTest {
    @TempDir
    Path directory;

    private final RegistryClient client = new RegistryClient("panal-test");
    private RegistryServer server;
    private String host;

    @BeforeEach
    void serve() throws Exception {
        server = RegistryServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), directory);
        host = "127.0.0.1:" + server.address().getPort();
    }

    @AfterEach
    void end() {
        client.close();
        server.close();
    }

    @Test
    void whatIsPushedIsPulledByteForByteWithDockersProgress() throws Exception {
        MemoryContent here = new MemoryContent();
        Manifest.Image image = SampleImage.in(here, 1, MediaType.OCI_LAYER_ZSTD, 3_000_000, 10, 70_000, 1);
        Reference name = Reference.parse(host + "/a/web:1");
        List<String> pushed = push(here, name, image.descriptor());
        String layer = image.layers().get(1).digest().brief();
        assertThat(pushed)
                .startsWith("{\"status\":\"The push refers to repository [" + host + "/a/web]\"}")
                .contains("{\"status\":\"Preparing\",\"progressDetail\":{},\"id\":\"" + layer + "\"}")
                .contains("{\"status\":\"Pushed\",\"progressDetail\":{},\"id\":\"" + layer + "\"}")
                .endsWith("{\"status\":\"1: digest: %s size: %d\"}"
                        .formatted(
                                image.descriptor().digest(), image.descriptor().size()));
        assertThat(push(here, name, image.descriptor()))
                .contains("{\"status\":\"Layer already exists\",\"progressDetail\":{},\"id\":\"" + layer + "\"}");

        MemoryContent there = new MemoryContent();
        assertThat(pull(there, name))
                .startsWith("{\"status\":\"Pulling from a/web\",\"id\":\"1\"}")
                .contains("{\"status\":\"Pulling fs layer\",\"progressDetail\":{},\"id\":\"" + layer + "\"}")
                .contains("{\"status\":\"Download complete\",\"progressDetail\":{},\"id\":\"" + layer + "\"}")
                .contains("{\"status\":\"Pull complete\",\"progressDetail\":{},\"id\":\"" + layer + "\"}")
                .endsWith(
                        "{\"status\":\"Digest: " + image.descriptor().digest() + "\"}",
                        "{\"status\":\"Status: Downloaded newer image for " + name + "\"}");
        assertThat(there.blobs.keySet()).isEqualTo(here.blobs.keySet());
        assertThat(pull(there, name))
                .containsExactly(
                        "{\"status\":\"Pulling from a/web\",\"id\":\"1\"}",
                        "{\"status\":\"Digest: " + image.descriptor().digest() + "\"}",
                        "{\"status\":\"Status: Image is up to date for " + name + "\"}");
    }

    @Test
    void aPullGoesOnWhereAnEarlierOneEnded() throws Exception {
        MemoryContent here = new MemoryContent();
        Manifest.Image image = SampleImage.in(here, 2, MediaType.OCI_LAYER_GZIP, 500_000);
        Reference name = Reference.parse(host + "/web");
        push(here, name, image.descriptor());
        MemoryContent there = new MemoryContent();
        Descriptor layer = image.layers().getFirst();
        try (ContentSink.Writer earlier = there.open(layer)) {
            earlier.write(ByteBuffer.wrap(here.blobs.get(layer.digest()), 0, 400_000));
        }
        pull(there, name);
        assertThat(there.blobs.get(layer.digest())).isEqualTo(here.blobs.get(layer.digest()));
    }

    @Test
    void ofAnIndexTheImageOfThePlatformIsTaken() throws Exception {
        MemoryContent here = new MemoryContent();
        Manifest.Image intel = SampleImage.in(here, 3, MediaType.OCI_LAYER_GZIP, 100);
        Manifest.Image arm = SampleImage.in(here, 4, MediaType.OCI_LAYER_GZIP, 100);
        Manifest index = SampleImage.manifest(
                here,
                Map.of(
                        "schemaVersion",
                        2,
                        "mediaType",
                        MediaType.DOCKER_LIST,
                        "manifests",
                        List.of(entry(arm, "arm64"), entry(intel, "amd64"))));
        Reference name = Reference.parse(host + "/multi:1");
        push(here, name, index.descriptor());
        MemoryContent there = new MemoryContent();
        Puller puller = new Puller(client, there);
        Puller.Order order = new Puller.Order(name, Credentials.anonymous(), new Platform("linux", "arm64", "v8"));
        PulledImage pulled = puller.pull(order, _ -> {});
        assertThat(pulled.manifest().descriptor()).isEqualTo(arm.descriptor());
        assertThat(pulled.target()).isEqualTo(index.descriptor());
        assertThat(there.blobs).containsKey(index.descriptor().digest());
        assertThat(puller.resolve(order).platforms())
                .extracting(Platform::architecture)
                .containsExactly("arm64", "amd64");
        Puller.Order none = new Puller.Order(name, Credentials.anonymous(), new Platform("linux", "s390x", ""));
        assertThatThrownBy(() -> puller.pull(none, _ -> {}))
                .hasMessage("no matching manifest for linux/s390x in the manifest list entries");
    }

    private static Map<String, Object> entry(Manifest.Image image, String architecture) {
        return Map.of(
                "mediaType", image.descriptor().mediaType(),
                "digest", image.descriptor().digest().toString(),
                "size", image.descriptor().size(),
                "platform", Map.of("os", "linux", "architecture", architecture));
    }

    @Test
    void whatIsNotThereIsToldInDockersWords() throws Exception {
        Puller puller = new Puller(client, new MemoryContent());
        Puller.Order order = new Puller.Order(Reference.parse(host + "/web:none"), Credentials.anonymous());
        assertThatThrownBy(() -> puller.pull(order, _ -> {}))
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        told -> assertThat(told.status()).isEqualTo(404))
                .hasMessage("manifest for " + host + "/web:none not found: manifest unknown: manifest unknown");
        assertThatThrownBy(() -> puller.resolve(order)).hasMessage("manifest unknown: manifest unknown");
    }

    @Test
    void aRegistryThatIsNotThereIsToldAtOnceInDockersWords() throws Exception {
        server.close();
        Puller puller = new Puller(client, new MemoryContent());
        Puller.Order order = new Puller.Order(Reference.parse(host + "/web:1"), Credentials.anonymous());
        assertThatThrownBy(() -> puller.pull(order, _ -> {}))
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        told -> assertThat(told.status()).isEqualTo(500))
                .hasMessage("Get \"http://%s/v2/\": dial tcp %s: connect: connection refused".formatted(host, host));
    }

    @Test
    void aNameWithoutAnAddressIsToldWithTheServerThatWasAsked() throws Exception {
        Puller puller = new Puller(client, new MemoryContent());
        Puller.Order order = new Puller.Order(Reference.parse("no.such.host.invalid/web:1"), Credentials.anonymous());
        assertThatThrownBy(() -> puller.pull(order, _ -> {}))
                .isInstanceOf(RegistryException.class)
                .hasMessageMatching(
                        "Get \"https://no.such.host.invalid/v2/\": dial tcp: lookup no.such.host.invalid on .*:53: .+");
    }

    @Test
    void tagsAndRepositoriesAreListedThroughAllPages() throws Exception {
        MemoryContent here = new MemoryContent();
        Manifest.Image image = SampleImage.in(here, 5, MediaType.OCI_LAYER_GZIP, 10);
        for (int number = 0; number < 5; number++) {
            push(here, Reference.parse(host + "/r" + number + "/x:t" + number), image.descriptor());
        }
        push(here, Reference.parse(host + "/r0/x:another"), image.descriptor());
        assertThat(client.catalog(host, Credentials.anonymous()))
                .containsExactly("r0/x", "r1/x", "r2/x", "r3/x", "r4/x");
        assertThat(client.repository(Reference.parse(host + "/r0/x"), Credentials.anonymous(), Access.PULL)
                        .tags())
                .containsExactly("another", "t0");
    }

    private List<String> push(MemoryContent from, Reference name, Descriptor target) throws Exception {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        new Pusher(client, from)
                .push(new Pusher.Order(name, target, Credentials.anonymous()), line -> lines.add(line.json()));
        return lines;
    }

    private List<String> pull(MemoryContent into, Reference name) throws Exception {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        new Puller(client, into).pull(new Puller.Order(name, Credentials.anonymous()), line -> lines.add(line.json()));
        return lines;
    }
}
