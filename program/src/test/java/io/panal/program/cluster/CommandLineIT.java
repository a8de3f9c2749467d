package io.panal.program.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Our command line beside the stock client, against the same daemon: the same bytes, the same exit code.
///
/// What differs on purpose is the program's own name.
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandLineIT {
    private static final String MANAGER = "manager-1";
    private static final String SERVICE = "beside";
    private static final String EVERYWHERE = "beside-all";

    /// The version of the client whose words and columns are recorded.
    private static final int RECORDED = 28;

    /// Not within a template.
    private static final String BETWEEN_WORDS = " (?![^{]*}})";

    private final Cluster cluster;
    private final Place place;

    CommandLineIT(Cluster cluster) {
        this.cluster = cluster;
        this.place = cluster.place();
    }

    @BeforeAll
    void make() {
        String image = cluster.image("busybox");
        String script = "echo one; echo two >&2; exec sleep 100000";
        String create =
                "service create -d --name %s --replicas 2 --label a=b --env A=1 --env B=2 --hostname h-{{.Task.Slot}}"
                        + " --mount type=tmpfs,target=/t --constraint node.role==worker --limit-memory 64m --reserve-cpu 0.1"
                        + " --restart-delay 7s --update-delay 2s --update-parallelism 2 --rollback-monitor 3s --host h:10.1.1.1"
                        + " --stop-grace-period 1s --health-cmd true --health-interval 5s --publish %d:80 %s sh -c";
        cluster.docker(words(create.formatted(SERVICE, cluster.port(), image), script))
                .must();
        cluster.docker(words("service create -d --mode global --name %s %s sh -c".formatted(EVERYWHERE, image), script))
                .must();
        cluster.awaitRunning(SERVICE, 2);
        cluster.awaitRunning(EVERYWHERE, Cluster.MACHINES.size());
        cluster.docker("service", "update", "-d", "--env-add", "C=3", SERVICE).must();
        Eventually.is(
                "the update of " + SERVICE,
                "completed",
                () -> cluster.docker("service", "inspect", "--format", "{{.UpdateStatus.State}}", SERVICE)
                        .out()
                        .strip());
        cluster.awaitRunning(SERVICE, 2);
    }

    @AfterAll
    void remove() {
        cluster.remove(SERVICE);
        cluster.remove(EVERYWHERE);
    }

    private static String[] words(String line, String... more) {
        String[] first = line.split(BETWEEN_WORDS);
        return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
    }

    /// Without `node ps` of two nodes: docker's client asks for the first one's tasks twice, ours shows each once.
    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "node ls",
                "node ls -q",
                "node ls --format json",
                "node ls --format {{.ID}}:{{.Self}}:{{.Hostname}}:{{.TLSStatus}}",
                "node ls --filter role=worker --filter name=worker",
                "node inspect self",
                "node inspect manager-1 worker-1",
                "node inspect --pretty self",
                "node inspect --format {{json .Description.Engine}} worker-2",
                "node inspect --format {{.Status.Addr}} manager-1 manager-2",
                "node ps",
                "node ps --no-trunc worker-1",
                "node ps -q worker-1",
                "node ps --format {{.Name}}:{{.Node}}:{{.DesiredState}} worker-1",
                "service ls",
                "service ls -q",
                "service ls --format json",
                "service ls --filter mode=global",
                "service ls --filter label=a=b --format {{.Name}}:{{.Replicas}}:{{.Ports}}",
                "service ps beside",
                "service ps beside beside-all",
                "service ps --no-trunc beside",
                "service ps --no-resolve beside",
                "service ps -q --filter desired-state=running beside",
                "service ps --format json beside",
                "service inspect beside",
                "service inspect beside beside-all",
                "service inspect --pretty beside",
                "service inspect --pretty beside-all",
                "service inspect --format {{json .Spec.TaskTemplate}} beside",
                "service inspect --format {{.UpdateStatus.Message}} beside",
                "service inspect --format json beside-all",
                "service logs --raw --tail 1 --timestamps beside-all",
                "swarm ca",
                "swarm join-token -q worker",
                "swarm join-token -q manager",
                "swarm join-token worker",
                "swarm unlock-key",
                "network ls --filter scope=swarm",
                "network inspect ingress",
                "stack ls",
            })
    void showsTheSame(String line) {
        showSame(words(line));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "node",
                "service",
                "swarm",
                "service nonsense",
                "service ls --nonsense",
                "service ls more",
                "service ls --filter bad=x",
                "service ls --format {{.Nonsense}}",
                "service inspect",
                "service inspect nobodys",
                "service inspect beside nobodys",
                "service inspect --format {{.Nonsense}} beside",
                "service inspect --format {{.Spec.Name} beside",
                "service inspect --pretty --format json beside",
                "service ps",
                "service ps nobodys",
                "service ps beside nobodys",
                "service rm nobodys",
                "service scale",
                "service scale beside",
                "service scale beside=many",
                "service scale beside-all=3",
                "service logs",
                "service logs nobodys",
                "service create",
                "service create --replicas x image",
                "service create --mode odd image",
                "service create --mode global --replicas 2 image",
                "service create --mount type=bind image",
                "service update",
                "service update nobodys",
                "service rollback nobodys",
                "node inspect",
                "node inspect nobody",
                "node ls --filter role=x",
                "node update --availability sleepy worker-1",
                "node update --role x worker-1",
                "node rm worker-1",
                "node rm nobody",
                "swarm init more",
                "swarm init",
                "swarm join",
                "swarm join manager-1:2377",
                "swarm join-token boss",
                "swarm leave",
                "swarm unlock",
            })
    void refusesTheSame(String line) {
        showSame(words(line));
    }

    /// Times are told as seconds that have passed: a second may pass between the two. A client older than the
    /// recorded one has words and columns of its own: there it is the exit code.
    private void showSame(String... words) {
        Eventually.asserted(() -> {
            Ran docker = place.docker(MANAGER, words);
            Ran panal = place.panal(MANAGER, words);
            if (isOld()) {
                assertThat(panal.isWell()).isEqualTo(docker.isWell());
                return;
            }
            assertThat(panal.out()).isEqualTo(named(docker.out()));
            assertThat(panal.err()).isEqualTo(named(docker.err()));
            assertThat(panal.status()).isEqualTo(docker.status());
        });
    }

    private boolean isOld() {
        String version = place.docker(MANAGER, "version", "--format", "{{.Client.Version}}")
                .must();
        return Integer.parseInt(version.strip().replaceAll("\\..*", "")) < RECORDED;
    }

    private static String named(String text) {
        return text.lines()
                .map(line -> line.contains("Error response from daemon")
                        ? line
                        : line.replaceAll("docker(?=: | swarm| service| node)", "panal"))
                .reduce("", (all, line) -> all + line + "\n");
    }

    @ParameterizedTest(name = "{0} is completed to {1}")
    @CsvSource({
        "service rm bes, beside beside-all",
        "node inspect work, worker-1 worker-2",
        "service ps --no-t, --no-trunc",
        "swarm join-token man, manager",
        "service cr, create"
    })
    void completesWhatTheSwarmHas(String begun, String completed) {
        String[] words = Stream.concat(Stream.of("__complete"), Stream.of(begun.split(" ")))
                .toArray(String[]::new);
        assertThat(place.panal(MANAGER, words).must().lines()).containsExactlyInAnyOrder(completed.split(" "));
    }

    @Test
    void endsQuietlyWhenNobodyReadsOn() {
        Ran ran = Commands.run(
                place.surroundings(MANAGER),
                List.of(
                        "bash",
                        "-c",
                        "'%s' service logs -f %s | head -n 1; echo ${PIPESTATUS[0]}"
                                .formatted(place.launcher(), EVERYWHERE)));

        assertThat(ran.out().lines().toList()).hasSize(2).last().isEqualTo("141");
        assertThat(ran.err()).doesNotContain("Exception", "\tat ");
    }

    @Test
    void pruneTakesTheSwarmsUnusedNetworks() {
        cluster.docker("network", "create", "-d", "overlay", "--label", "prune=me", "unused")
                .must();
        cluster.docker("network", "create", "-d", "overlay", "kept").must();

        assertThat(cluster.docker("network", "prune", "-f", "--filter", "label=prune")
                        .must())
                .isEqualTo("Deleted Networks:\nunused");
        assertThat(cluster.docker("network", "rm", "kept").must()).isEqualTo("kept");
    }

    /// Progress is a display: what is under way goes on.
    @Test
    void anInterruptedCreateLeavesTheService() {
        String name = "left-alone";
        try {
            Ran ran = Commands.run(
                    place.surroundings(MANAGER),
                    List.of(
                            "timeout",
                            "-s",
                            "INT",
                            "3",
                            place.launcher().toString(),
                            "service",
                            "create",
                            "--name",
                            name,
                            "--constraint",
                            "node.labels.none==such",
                            cluster.image("busybox")));

            assertThat(ran.out()).contains("Operation continuing in background.", "panal service ps");
            assertThat(ran.err()).doesNotContain("Exception", "\tat ");
            assertThat(cluster.docker("service", "ls", "-q", "--filter", "name=" + name)
                            .must())
                    .isNotEmpty();
        } finally {
            cluster.remove(name);
        }
    }
}
