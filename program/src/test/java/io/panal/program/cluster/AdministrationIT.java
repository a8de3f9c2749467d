package io.panal.program.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.images.client.RegistryClient;
import io.panal.images.debian.DebianImages;
import io.panal.images.reference.Reference;
import io.panal.images.registry.RegistryServer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What keeps a swarm in order: a new beginning after its managers are lost, locks, roots, shut downs.
class AdministrationIT {
    private static final List<String> MACHINES = List.of("one", "two", "three");
    private static final int REGISTRY_PORT = 5000;
    private static final Path CACHE = Path.of("/var/cache/panal/images");
    private static final String LOCKED =
            "Error response from daemon: Swarm is encrypted and needs to be unlocked before it can be used. "
                    + "Please use \"docker swarm unlock\" to unlock it.\n";

    private Place place;
    private RegistryServer registry;

    @BeforeEach
    void makeThreeManagers() throws Exception {
        place = Place.in("192.168.182.1/24");
        place.create(MACHINES.toArray(String[]::new));
        registry = RegistryServer.start(
                new InetSocketAddress(place.host(), REGISTRY_PORT),
                place.storage().resolve("registry"));
        try (RegistryClient client = new RegistryClient("panal-it")) {
            DebianImages.push(
                    DebianImages.busybox(CACHE, _ -> {}),
                    Reference.parse(image()).taggedByDefault(),
                    client);
        }
        place.docker("one", "swarm", "init", "--advertise-addr", place.address("one"))
                .must();
        for (String other : List.of("two", "three")) {
            join(other);
            assertThat(place.docker("one", "node", "ls", "--format", "{{.Hostname}} {{.Status}} {{.ManagerStatus}}")
                            .must()
                            .lines())
                    .contains(other + " Ready Reachable");
        }
    }

    @AfterEach
    void clear() throws Exception {
        registry.close();
        place.close();
    }

    private String image() {
        return "%s:%d/busybox".formatted(place.host(), REGISTRY_PORT);
    }

    private void join(String machine) {
        String token =
                place.docker("one", "swarm", "join-token", "-q", "manager").must();
        assertThat(place.docker(machine, "swarm", "join", "--token", token, place.address("one") + ":2377")
                        .must())
                .isEqualTo("This node joined a swarm as a manager.");
    }

    private void service(String machine, int replicas) {
        place.docker(
                        machine,
                        "service",
                        "create",
                        "-d",
                        "--name",
                        "sleeps",
                        "--replicas",
                        Integer.toString(replicas),
                        image(),
                        "sleep",
                        "100000")
                .must();
        awaitReplicas(machine, "%1$d/%1$d".formatted(replicas));
    }

    private void awaitReplicas(String machine, String wanted) {
        Eventually.is(
                "the service",
                wanted,
                () -> place.docker(machine, "service", "ls", "--format", "{{.Replicas}}")
                        .out()
                        .strip());
    }

    private String status(String asked, String node) {
        return place.docker(
                        asked, "node", "ls", "--filter", "name=" + node, "--format", "{{.Status}}{{.ManagerStatus}}")
                .out()
                .strip();
    }

    @Test
    void oneSurvivorBeginsTheSwarmAnewAndTheFormerMajorityDoesNoHarm() {
        service("one", 4);
        place.docker("one", "secret", "create", "kept", "/etc/hostname").must();
        String tokens =
                place.docker("three", "swarm", "join-token", "-q", "worker").must();
        place.machine("kill", "one", "two").must();

        Eventually.holds(
                "a refusal",
                () -> place.docker("three", "service", "scale", "-d", "sleeps=5"),
                ran -> ran.said()
                        .contains("The swarm does not have a leader. It's possible that too few managers are online. "
                                + "Make sure more than half of the managers are online."));
        assertThat(place.docker("three", "swarm", "leave").err()).contains("--force-new-cluster");

        assertThat(place.docker(
                                "three",
                                "swarm",
                                "init",
                                "--force-new-cluster",
                                "--advertise-addr",
                                place.address("three"))
                        .must())
                .startsWith("Swarm initialized: current node (");

        assertThat(place.docker("three", "node", "ls", "-q").must().lines()).hasSize(3);
        assertThat(status("three", "three")).isEqualTo("ReadyLeader");
        assertThat(place.docker("three", "secret", "ls", "--format", "{{.Name}}")
                        .must())
                .isEqualTo("kept");
        assertThat(place.docker("three", "swarm", "join-token", "-q", "worker").must())
                .isEqualTo(tokens);
        place.docker("three", "service", "scale", "-d", "sleeps=5").must();
        awaitReplicas("three", "5/5");

        place.machine("start", "one", "two").must();
        Eventually.is("a former manager", "Ready", () -> status("three", "one"));
        Eventually.is("the other former manager", "Ready", () -> status("three", "two"));
        assertThat(status("three", "three")).isEqualTo("ReadyLeader");
        assertThat(place.docker("one", "node", "ls").err()).contains("This node is not a swarm manager.");
        awaitReplicas("three", "5/5");

        place.docker("one", "swarm", "leave", "--force").must();
        String token =
                place.docker("three", "swarm", "join-token", "-q", "manager").must();
        place.docker("one", "swarm", "join", "--token", token, place.address("three") + ":2377")
                .must();
        assertThat(place.docker("one", "node", "ls", "--format", "{{.ManagerStatus}}")
                        .must()
                        .lines())
                .contains("Leader", "Reachable");
    }

    @Test
    void aLockedManagerNeedsItsKeyAfterARestart() {
        place.docker("one", "swarm", "update", "--autolock=true").must();
        String key = place.docker("one", "swarm", "unlock-key", "-q").must();
        assertThat(key).matches("SWMKEY-1-[A-Za-z0-9+/]{43}");
        String keyFile = "/var/lib/panal/swarm/certificates/swarm-node.key";
        for (String machine : MACHINES) {
            Eventually.holds(
                    "the key on " + machine,
                    () -> place.inside(machine, "cat " + keyFile).out(),
                    text -> !text.contains("PRIVATE KEY"));
        }
        restart("three");

        assertThat(place.docker("three", "node", "ls").err()).isEqualTo(LOCKED);
        assertThat(place.docker("three", "info", "--format", "{{.Swarm.LocalNodeState}}")
                        .must())
                .isEqualTo("locked");
        assertThat(place.docker("three", "swarm", "leave").err())
                .contains("Swarm is encrypted and locked. Please unlock it first or use `--force`");
        assertThat(unlock("three", "foo").said()).contains("invalid key string");
        assertThat(unlock("three", "SWMKEY-1-" + "A".repeat(43)).said())
                .contains("swarm could not be unlocked: invalid key provided");
        unlock("three", key).must();
        assertThat(place.docker("three", "node", "ls", "--format", "{{.ManagerStatus}}")
                        .must()
                        .lines())
                .contains("Leader");
        Eventually.is("the manager", "ReadyReachable", () -> status("three", "three"));

        assertThat(place.docker("one", "swarm", "unlock-key", "--rotate", "-q").must())
                .isNotEqualTo(key);
        place.docker("one", "swarm", "update", "--autolock=false").must();
        for (String machine : MACHINES) {
            Eventually.holds(
                    "the key on " + machine,
                    () -> place.inside(machine, "cat " + keyFile).out(),
                    text -> text.contains("PRIVATE KEY"));
        }
        restart("three");
        Eventually.is("the open manager", "ReadyReachable", () -> status("three", "three"));
        assertThat(place.docker("one", "swarm", "unlock-key").err()).contains("no unlock key is set");
    }

    private void restart(String machine) {
        place.machine("restart", machine).must();
    }

    private Ran unlock(String machine, String key) {
        return place.inside(machine, "echo %s | docker swarm unlock 2>&1".formatted(key));
    }

    @Test
    void theRootIsRotatedUnderARunningSwarm() {
        service("one", 2);
        String containers = place.docker("one", "service", "ps", "-q", "sleeps").must();
        String before = place.docker("one", "swarm", "ca").must();
        String token =
                place.docker("one", "swarm", "join-token", "-q", "worker").must();

        place.docker("one", "swarm", "ca", "--rotate", "-q").must();

        String after = place.docker("one", "swarm", "ca").must();
        assertThat(after).isNotEqualTo(before).startsWith("-----BEGIN CERTIFICATE-----");
        for (String machine : MACHINES) {
            assertThat(place.docker("one", "node", "inspect", "--format", "{{.Description.TLSInfo.TrustRoot}}", machine)
                            .must())
                    .isEqualTo(after);
        }
        assertThat(place.docker("one", "swarm", "join-token", "-q", "worker").must())
                .isNotEqualTo(token);
        assertThat(place.docker("one", "service", "ps", "-q", "sleeps").must()).isEqualTo(containers);
        place.docker("three", "swarm", "leave", "--force").must();
        Eventually.is("the one that left", "Down", () -> status("one", "three"));
        join("three");
        place.docker("three", "service", "scale", "-d", "sleeps=3").must();
        awaitReplicas("three", "3/3");
    }

    @Test
    void aMachineThatIsShutDownIsDownAtOnce() {
        service("one", 3);

        place.machine("stop", "three").must();

        assertThat(status("one", "three")).startsWith("Down");
        // Not by REPLICAS: as in Docker, what last ran on a node that is down still counts there.
        Eventually.asserted(() -> assertThat(place.docker(
                                "one",
                                "service",
                                "ps",
                                "--filter",
                                "desired-state=running",
                                "--format",
                                "{{.Node}} {{.CurrentState}}",
                                "sleeps")
                        .out()
                        .lines())
                .hasSize(3)
                .allMatch(line -> line.matches("(one|two) Running .*")));
        assertThat(place.docker("one", "node", "inspect", "--format", "{{.Status.Message}}", "three")
                        .must())
                .isEqualTo("the node's host was shut down");
        place.machine("start", "three").must();
        Eventually.is("the machine", "ReadyReachable", () -> status("one", "three"));
    }
}
