package io.panal.images.debian;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.images.client.Access;
import io.panal.images.client.Credentials;
import io.panal.images.client.RegistryClient;
import io.panal.images.layout.OciLayout;
import io.panal.images.manifest.Descriptor;
import io.panal.images.reference.Reference;
import io.panal.images.registry.RegistryServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DebianImagesTest {
    private static final List<Path> ROOTS = new ArrayList<>();

    @TempDir
    static Path directory;

    private static Path cache;
    private static OciLayout nginx;

    @BeforeAll
    static void make() throws Exception {
        cache = directory.resolve("cache");
        nginx = DebianImages.nginx(cache, _ -> {});
    }

    /// JUnit would tell of every link that leads out of its directory.
    @AfterAll
    static void removeRoots() throws Exception {
        for (Path root : ROOTS) {
            RootDirectory.remove(root);
        }
    }

    @Test
    void nginxRunsAndServesDebiansPageAndLogsToTheContainersOutput() throws Exception {
        Path root = unpacked(nginx);
        String said = inside(root, """
                ip link set lo up
                nginx -g 'daemon off;' &
                for try in 1 2 3 4 5 6 7 8 9 10; do curl -sf http://127.0.0.1/ && break; sleep 0.3; done
                id www-data
                awk 'BEGIN { print "awk works" }'
                kill -QUIT $!; wait $!; echo "ended with $?"
                """);
        assertThat(said)
                .contains("Welcome to nginx!")
                .contains("\"GET / HTTP/1.1\" 200")
                .contains("uid=33(www-data)")
                .contains("awk works")
                .contains("ended with 0");
    }

    @Test
    void nginxSaysWhatItIsAndHowItIsRun() throws Exception {
        JsonNode config = config(nginx).path("config");
        assertThat(config.path("Cmd").toString()).isEqualTo("[\"nginx\",\"-g\",\"daemon off;\"]");
        assertThat(config.path("ExposedPorts").has("80/tcp")).isTrue();
        assertThat(config.path("StopSignal").asString()).isEqualTo("SIGQUIT");
        assertThat(config.path("Env").toString()).containsPattern("NGINX_VERSION=1\\.[0-9.]+");
        assertThat(config.path("Labels")
                        .path("org.opencontainers.image.description")
                        .asString())
                .startsWith("Made from Debian's nginx package version ");
    }

    @Test
    void theSamePackagesGiveTheSameImage() throws Exception {
        Path again = directory.resolve("again");
        Files.createDirectories(again);
        new ProcessBuilder(
                        "cp",
                        "-a",
                        cache.resolve("packages").toString(),
                        again.resolve("packages").toString())
                .inheritIO()
                .start()
                .waitFor();
        assertThat(DebianImages.nginx(again, _ -> {}).manifest()).isEqualTo(nginx.manifest());
    }

    @Test
    void anImageIsMadeOnlyOnce() throws Exception {
        List<String> lines = new ArrayList<>();
        assertThat(DebianImages.nginx(cache, lines::add)).isEqualTo(nginx);
        assertThat(lines).isEmpty();
    }

    @Test
    void busyboxHasAShellAndItsTools() throws Exception {
        OciLayout busybox = DebianImages.busybox(cache, _ -> {});
        assertThat(inside(unpacked(busybox), "id; ls /bin/sh; nslookup 2>&1 | head -n 1; which httpd"))
                .contains("uid=0(root)")
                .contains("/bin/sh")
                .contains("/httpd");
    }

    @Test
    void anImageIsPushedWhole() throws Exception {
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (RegistryServer server = RegistryServer.start(anywhere, directory.resolve("registry"));
                RegistryClient client = new RegistryClient("panal-test")) {
            Reference name = Reference.parse("127.0.0.1:" + server.address().getPort() + "/nginx:latest");
            Descriptor pushed = DebianImages.push(nginx, name, client);
            assertThat(client.repository(name, Credentials.anonymous(), Access.PULL)
                            .resolve("latest"))
                    .map(Descriptor::digest)
                    .contains(pushed.digest());
        }
    }

    private static JsonNode config(OciLayout layout) throws Exception {
        try (InputStream bytes = layout.open(layout.image().config().digest(), 0)) {
            return JsonMapper.shared().readTree(bytes);
        }
    }

    private static Path unpacked(OciLayout layout) throws Exception {
        Path root = Files.createTempDirectory(directory, "root");
        ROOTS.add(root);
        String layer = layout.image().layers().getFirst().digest().hex();
        Path blob = layout.directory().resolve("blobs/sha256").resolve(layer);
        Command.of("tar", "-xzpf", blob.toString(), "-C", root.toString()).run();
        return root;
    }

    /// Runs a script in namespaces of its own, with the directory as root; everything in them ends with it.
    private static String inside(Path root, String script) throws Exception {
        String outside = "mount --rbind /dev \"$0/dev\" && mount -t proc proc \"$0/proc\""
                + " && exec chroot \"$0\" /bin/sh -c \"$1\" 2>&1";
        Process process = new ProcessBuilder(
                        "unshare",
                        "--net",
                        "--mount",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "sh",
                        "-c",
                        outside,
                        root.toString(),
                        script)
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
