package io.panal.images.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.images.MemoryContent;
import io.panal.images.Relay;
import io.panal.images.SampleImage;
import io.panal.images.client.Credentials;
import io.panal.images.client.RegistryClient;
import io.panal.images.manifest.Descriptor;
import io.panal.images.manifest.Manifest;
import io.panal.images.manifest.MediaType;
import io.panal.images.reference.Reference;
import io.panal.images.registry.RegistryServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultTest {
    @TempDir
    Path directory;

    private final RegistryClient client = new RegistryClient("panal-test");
    private final MemoryContent here = new MemoryContent();
    private RegistryServer server;
    private Manifest.Image image;

    @BeforeEach
    void serve() throws Exception {
        server = RegistryServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), directory);
        image = SampleImage.in(here, 21, MediaType.OCI_LAYER_GZIP, 3_000_000, 40_000);
    }

    @AfterEach
    void end() {
        client.close();
        server.close();
    }

    private Reference reference(String host) throws Exception {
        return Reference.parse(host + "/web:1");
    }

    private Reference direct() throws Exception {
        return reference("127.0.0.1:" + server.address().getPort());
    }

    private void push(Reference name) throws IOException {
        new Pusher(client, here).push(new Pusher.Order(name, image.descriptor(), Credentials.anonymous()), _ -> {});
    }

    private void pull(Reference name, MemoryContent into) throws IOException {
        new Puller(client, into).pull(new Puller.Order(name, Credentials.anonymous()), _ -> {});
    }

    @Test
    void aPullGoesOnWhereTheNetworkCutIt() throws Exception {
        push(direct());
        try (Relay relay = new Relay(server.address(), 3, 700_000)) {
            MemoryContent there = new MemoryContent();
            pull(reference(relay.host()), there);
            assertThat(relay.left()).isZero();
            assertThat(there.blobs.keySet()).isEqualTo(here.blobs.keySet());
        }
    }

    @Test
    void aPushGoesOnWhereTheNetworkCutIt() throws Exception {
        try (Relay relay = new Relay(server.address(), 3, 700_000)) {
            push(reference(relay.host()));
            assertThat(relay.left()).isZero();
        }
        MemoryContent there = new MemoryContent();
        pull(direct(), there);
        assertThat(there.blobs.keySet()).isEqualTo(here.blobs.keySet());
    }

    @Test
    void bytesThatAreNotWhatTheirDigestSaysAreNotKept() throws Exception {
        push(direct());
        Descriptor layer = image.layers().getFirst();
        String hex = layer.digest().hex();
        Path file =
                directory.resolve("blobs/sha256").resolve(hex.substring(0, 2)).resolve(hex);
        byte[] bytes = Files.readAllBytes(file);
        bytes[2_000_000] ^= 1;
        Files.write(file, bytes);
        MemoryContent there = new MemoryContent();
        assertThatThrownBy(() -> pull(direct(), there))
                .hasMessage("filesystem layer verification failed for digest " + layer.digest());
        assertThat(there.has(layer.digest())).isFalse();
        assertThat(there.open(layer).offset()).isZero();
        assertThat(there.names).isEmpty();
    }

    @RepeatedTest(10)
    void whatManyPullsWantIsFetchedOnce() throws Exception {
        push(direct());
        MemoryContent there = new MemoryContent();
        Puller puller = new Puller(client, there);
        List<Future<PulledImage>> pulls = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number = 0; number < 10; number++) {
                pulls.add(threads.submit(
                        () -> puller.pull(new Puller.Order(direct(), Credentials.anonymous()), _ -> {})));
            }
        }
        for (Future<PulledImage> pull : pulls) {
            assertThat(pull.get().manifest().descriptor()).isEqualTo(image.descriptor());
        }
        assertThat(there.writers.values()).allMatch(writers -> writers.get() == 1);
    }

    @Test
    void anInterruptedPullEndsSoonThoughTheRegistryIsSilent() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Reference name = reference("127.0.0.1:" + silent.getLocalPort());
            Future<?> pull = threads.submit(() -> {
                pull(name, new MemoryContent());
                return null;
            });
            silent.accept();
            Instant before = Instant.now();
            threads.shutdownNow();
            assertThatThrownBy(() -> pull.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(InterruptedIOException.class);
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(15));
        }
    }
}
