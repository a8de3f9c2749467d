package io.panal.core.manager;

import static io.panal.core.manager.FakeCluster.MANAGER;
import static io.panal.core.manager.FakeCluster.global;
import static io.panal.core.manager.FakeCluster.replicated;
import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.codec.Codec;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Answers;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Cluster;
import io.panal.core.model.Id;
import io.panal.core.model.Meta;
import io.panal.core.model.Node;
import io.panal.core.model.PortConfig;
import io.panal.core.model.Service;
import io.panal.core.model.ServiceSpec;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import io.panal.core.store.Change;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ManagerTest {
    private static final Id<Node> WORKER = new Id<>("node1");

    private static List<Integer> slots(List<Task> tasks) {
        return tasks.stream().map(task -> task.origin().slot()).sorted().toList();
    }

    @Test
    void aServiceRunsOnAsManyNodesAsItCan() {
        FakeCluster cluster = FakeCluster.of(2);
        Id<Service> web = cluster.create(replicated("web", 3, "web:1"));

        cluster.settle();

        assertThat(cluster.running(web)).hasSize(3);
        assertThat(cluster.running(web).stream().map(Task::nodeId).distinct()).hasSize(3);
        assertThat(slots(cluster.running(web))).containsExactly(1, 2, 3);
    }

    @Test
    void aNodeIsShownAsItIntroducedItselfBeforeItsFirstSession() {
        FakeCluster cluster = FakeCluster.of(0);
        Id<Node> newcomer = new Id<>("newcomer");
        Node.Arrival arrival = new Node.Arrival(
                FakeNode.description("host-newcomer", Map.of()), Node.Availability.DRAIN, "192.168.0.9");

        cluster.ask(new Command.AdmitNode(newcomer, Node.Role.WORKER, "10.0.0.1", Optional.of(arrival)));

        Node node = cluster.view.nodes().require(newcomer);
        assertThat(node.hostname()).isEqualTo("host-newcomer");
        assertThat(node.spec().availability()).isEqualTo(Node.Availability.DRAIN);
        assertThat(node.status()).isEqualTo(new Node.Status(Node.State.UNKNOWN, "", "192.168.0.9"));
    }

    @Test
    void aNodeHearsItsFirstOrdersWhenTheStateHasItAsReady() {
        FakeCluster cluster = FakeCluster.of(0);
        Id<Node> newcomer = new Id<>("newcomer");
        cluster.ask(new Command.AdmitNode(newcomer, Node.Role.WORKER, "10.0.0.1", Optional.empty()));
        cluster.effects.clear();

        cluster.open(newcomer, "192.168.0.9", Map.of());

        assertThat(cluster.effects)
                .filteredOn(effect -> effect instanceof ManagerEffect.Propose
                        || effect instanceof ManagerEffect.Assign assign
                                && assign.node().equals(newcomer))
                .hasExactlyElementsOfTypes(ManagerEffect.Propose.class, ManagerEffect.Assign.class);
        assertThat(cluster.view.nodes().require(newcomer).status().state()).isEqualTo(Node.State.READY);
    }

    @Test
    void oneTurnTakesACreateToItsAssignment() {
        FakeCluster cluster = FakeCluster.of(0);
        int before = cluster.log.size();

        cluster.create(replicated("web", 1, "web:1"));

        assertThat(cluster.log).hasSize(before + 1);
        assertThat(cluster.nodes.get(MANAGER).told.orElseThrow().tasks()).hasSize(1);
    }

    @Test
    void scalingDownTakesFromTheNodesThatHaveMost() {
        FakeCluster cluster = FakeCluster.of(2);
        Id<Service> web = cluster.create(replicated("web", 6, "web:1"));
        cluster.settle();

        cluster.update(web, replicated("web", 3, "web:1"));
        cluster.settle();

        assertThat(cluster.running(web)).hasSize(3);
        assertThat(cluster.running(web).stream().map(Task::nodeId).distinct()).hasSize(3);
        assertThat(cluster.view.tasksOf(web)).hasSize(3);
    }

    @Test
    void aFreedSlotIsTakenBeforeANewOneIsOpened() {
        FakeCluster cluster = FakeCluster.of(0);
        Id<Service> web = cluster.create(replicated("web", 3, "web:1"));
        cluster.settle();
        cluster.update(web, replicated("web", 1, "web:1"));
        cluster.settle();
        int left = slots(cluster.running(web)).getFirst();

        cluster.update(web, replicated("web", 3, "web:1"));
        cluster.settle();

        assertThat(slots(cluster.running(web))).containsExactly(1, 2, 3).contains(left);
    }

    @Test
    void removingAServiceFreesItsNameAtOnceAndItsTasksLater() {
        FakeCluster cluster = FakeCluster.of(1);
        Id<Service> web = cluster.create(replicated("web", 2, "web:1"));
        cluster.settle();

        assertThat(cluster.ask(new Command.RemoveService(web))).isInstanceOf(Answer.Done.class);
        Id<Service> next = cluster.create(replicated("web", 1, "web:1"));
        cluster.settle();

        assertThat(cluster.view.tasksOf(web)).isEmpty();
        assertThat(cluster.view.revisionsOf(web)).isEmpty();
        assertThat(cluster.running(next)).hasSize(1);
    }

    @Test
    void aFailedTaskIsReplacedInItsSlotAfterTheDelay() {
        FakeCluster cluster = FakeCluster.of(0);
        Id<Service> web = cluster.create(replicated("web", 1, "web:1"));
        cluster.settle();
        Task first = cluster.running(web).getFirst();

        cluster.nodes.get(MANAGER).crashTask(first.id(), cluster.now);
        cluster.hear(new ManagerEvent.Reported(
                MANAGER,
                cluster.nodes.get(MANAGER).session,
                cluster.nodes.get(MANAGER).everything()));
        cluster.settle();

        Task second = cluster.live(web).getFirst();
        assertThat(second.desiredState()).isEqualTo(TaskState.READY);
        assertThat(second.status().state()).isEqualTo(TaskState.READY);
        assertThat(second.origin().slot()).isEqualTo(1);
        cluster.advance(Duration.ofSeconds(5));
        assertThat(cluster.running(web)).extracting(Task::id).containsExactly(second.id());
    }

    @Test
    void aSlotKeepsFiveTasks() {
        FakeCluster cluster = FakeCluster.of(0);
        Id<Service> web = cluster.create(replicated("web", 1, "bad:1"));

        cluster.advance(Duration.ofMinutes(2));

        assertThat(cluster.view.tasksOf(web)).hasSize(5);
        assertThat(cluster.live(web)).hasSize(1);
    }

    @Test
    void aGlobalServicePutsNoTaskOnNodesThatItsNewConstraintsExclude() {
        FakeCluster cluster = FakeCluster.of(2);
        Id<Service> web = cluster.create(FakeCluster.global("web", "web:1"));
        cluster.settle();

        cluster.update(web, onHost("host-" + WORKER));
        cluster.advance(Duration.ofMinutes(1));

        assertThat(cluster.running(web))
                .singleElement()
                .satisfies(task -> assertThat(task.nodeId()).contains(WORKER));
        assertThat(cluster.view.tasksOf(web))
                .as("none was made that could not run")
                .hasSize(3);
    }

    @Test
    void aNodeThatWasTakenOutGetsNoTaskOfAGlobalService() {
        FakeCluster cluster = FakeCluster.of(1);
        Id<Service> web = cluster.create(FakeCluster.global("web", "web:1"));
        cluster.settle();
        cluster.update(web, onHost("host-" + WORKER));
        cluster.settle();
        cluster.nodes.get(WORKER).isUp = false;
        cluster.advance(Duration.ofSeconds(17));

        cluster.ask(new Command.RemoveNode(WORKER, false));

        assertThat(cluster.live(web)).isEmpty();
    }

    private static ServiceSpec onHost(String host) {
        String json = """
                {"Name": "web", "Mode": {"Global": {}}, "TaskTemplate": {"ContainerSpec": {"Image": "web:1"},
                 "Placement": {"Constraints": ["node.hostname==%s"]}}}
                """.formatted(host);
        return Codec.JSON.read(json.getBytes(StandardCharsets.UTF_8), ServiceSpec.class);
    }

    /// A leader whose clock leaps takes everyone for silent: beats alone would never bring them back.
    @Test
    void aNodeThatFellSilentIsToComeBackWithANewSession() {
        FakeCluster cluster = FakeCluster.of(1);
        FakeNode silent = cluster.nodes.get(WORKER);

        silent.isUp = false;
        cluster.advance(Duration.ofSeconds(17));

        assertThat(cluster.effects).contains(new ManagerEffect.EndSession(WORKER, silent.session, "heartbeat failure"));
    }

    /// It was opened while the lead changed hands: its node beats, and waits for orders in vain.
    @Test
    void aBeatOfASessionThatIsNotKnownEndsItWhetherTheManagerLeadsOrNot() {
        var beat = new ManagerEvent.Beaten(WORKER, "forgotten");
        var end = new ManagerEffect.EndSession(WORKER, "forgotten", "this manager does not know the session");
        FakeCluster cluster = FakeCluster.of(1);

        cluster.hear(new ManagerEvent.Beaten(WORKER, cluster.nodes.get(WORKER).session));
        assertThat(cluster.effects).noneMatch(ManagerEffect.EndSession.class::isInstance);
        cluster.hear(beat);
        assertThat(cluster.effects).contains(end);
        assertThat(new Manager().on(beat, Instant.EPOCH)).containsExactly(end);
    }

    @Test
    void theTasksOfASilentNodeRunElsewhereAndNothingMovesBack() {
        FakeCluster cluster = FakeCluster.of(2);
        Id<Service> web = cluster.create(replicated("web", 3, "web:1"));
        cluster.settle();
        FakeNode lost = cluster.nodes.get(WORKER);

        lost.isUp = false;
        cluster.advance(Duration.ofSeconds(17));

        Node node = cluster.view.nodes().require(WORKER);
        assertThat(node.status().state()).isEqualTo(Node.State.DOWN);
        assertThat(node.status().message()).isEqualTo("heartbeat failure");
        assertThat(cluster.running(web))
                .hasSize(3)
                .noneMatch(task -> task.nodeId().equals(java.util.Optional.of(WORKER)));
        assertThat(lost.running()).isEqualTo(1);

        FakeNode back = cluster.reopen(lost);
        cluster.settle();
        assertThat(cluster.view.nodes().require(WORKER).status().state()).isEqualTo(Node.State.READY);
        assertThat(back.running()).isZero();
        assertThat(cluster.running(web)).hasSize(3);
    }

    @Test
    void aLeaderThatSleptBlamesNobody() {
        FakeCluster cluster = FakeCluster.of(2);
        cluster.create(replicated("web", 3, "web:1"));
        cluster.advance(Duration.ofSeconds(7));

        cluster.now = cluster.now.plus(Duration.ofMinutes(10));
        cluster.hear(new ManagerEvent.Woken());
        cluster.advance(Duration.ofSeconds(7));

        assertThat(cluster.view.nodes().all()).allMatch(node -> node.status().state() == Node.State.READY);
    }

    @Test
    void aDrainedNodeIsEmptied() {
        FakeCluster cluster = FakeCluster.of(1);
        Id<Service> web = cluster.create(replicated("web", 4, "web:1"));
        Id<Service> all = cluster.create(global("all", "web:1"));
        cluster.settle();
        assertThat(cluster.running(all)).hasSize(2);

        cluster.updateNode(WORKER, Node.Availability.DRAIN);
        cluster.settle();

        assertThat(cluster.running(web)).hasSize(4);
        assertThat(cluster.running(all)).hasSize(1);
        assertThat(cluster.nodes.get(WORKER).running()).isZero();

        cluster.updateNode(WORKER, Node.Availability.ACTIVE);
        cluster.settle();
        assertThat(cluster.running(all)).hasSize(2);
    }

    @Test
    void aNewLeaderChangesNothingThatIsWell() {
        FakeCluster cluster = FakeCluster.of(2);
        Id<Service> web = cluster.create(replicated("web", 5, "web:1"));
        cluster.create(global("all", "web:1"));
        cluster.settle();
        List<Task> before = cluster.running(web);

        cluster.changeLeader();
        cluster.advance(Duration.ofSeconds(60));

        assertThat(cluster.running(web))
                .extracting(Task::id)
                .containsExactlyElementsOf(before.stream().map(Task::id).toList());
    }

    @Test
    void anUpdateReplacesOneTaskAfterTheOther() {
        FakeCluster cluster = FakeCluster.of(1);
        Id<Service> web = cluster.create(replicated("web", 3, "web:1"));
        cluster.settle();

        cluster.update(web, replicated("web", 3, "web:2"));
        cluster.settle();
        assertThat(cluster.service(web).updateStatus().orElseThrow().message()).isEqualTo("update in progress");
        cluster.advance(Duration.ofSeconds(6));

        assertThat(cluster.running(web))
                .hasSize(3)
                .allMatch(task -> FakeCluster.image(task, cluster.view).equals("web:2"));
        assertThat(cluster.service(web).updateStatus().orElseThrow().message()).isEqualTo("update completed");
    }

    @Test
    void anUpdateKeepsItsPaceThoughNoHistoryIsKept() {
        FakeCluster cluster = FakeCluster.of(1);
        Cluster swarm = cluster.view.cluster().orElseThrow();
        Cluster.ClusterSpec spec = swarm.spec();
        cluster.ask(new Command.UpdateCluster(
                swarm.meta().version().index(),
                new Cluster.ClusterSpec(
                        spec.name(),
                        spec.labels(),
                        new Cluster.Orchestration(Optional.of(0L)),
                        spec.raft(),
                        spec.dispatcher(),
                        spec.caConfig(),
                        spec.taskDefaults(),
                        spec.encryptionConfig()),
                new Command.FreshKeys(new Cluster.JoinTokens("", ""), Optional.empty(), Optional.empty())));
        Id<Service> web = cluster.create(replicated("web", 4, "web:1"));
        cluster.settle();
        cluster.check = view -> assertThat(cluster.running(web)).hasSizeGreaterThanOrEqualTo(3);

        cluster.update(web, replicated("web", 4, "web:2"));
        cluster.advance(Duration.ofSeconds(8));

        assertThat(cluster.service(web).updateStatus().orElseThrow().message()).isEqualTo("update completed");
        assertThat(cluster.view.tasksOf(web)).hasSize(4);
    }

    @Test
    void aFailingUpdatePauses() {
        FakeCluster cluster = FakeCluster.of(1);
        Id<Service> web = cluster.create(replicated("web", 3, "web:1"));
        cluster.settle();

        cluster.update(web, replicated("web", 3, "bad:2"));
        cluster.advance(Duration.ofSeconds(20));

        assertThat(cluster.running(web))
                .isNotEmpty()
                .allMatch(task -> FakeCluster.image(task, cluster.view).equals("web:1"));
        assertThat(cluster.service(web).updateStatus().orElseThrow().message())
                .startsWith("update paused due to failure or early termination of task ");
    }

    @Test
    void aFailingUpdateGoesBackWhenAskedTo() {
        FakeCluster cluster = FakeCluster.of(1);
        Id<Service> web = cluster.create(replicated("web", 3, "web:1"));
        cluster.settle();

        cluster.update(
                web,
                replicated(
                        "web",
                        3,
                        "bad:2",
                        ", \"UpdateConfig\": {\"Parallelism\": 1, \"FailureAction\": \"rollback\"}"));
        cluster.advance(Duration.ofSeconds(30));

        assertThat(cluster.running(web))
                .hasSize(3)
                .allMatch(task -> FakeCluster.image(task, cluster.view).equals("web:1"));
        assertThat(cluster.service(web).updateStatus().orElseThrow().message()).isEqualTo("rollback completed");
        assertThat(cluster.ask(new Command.UpdateService(
                        web, cluster.service(web).meta().version().index(), replicated("web", 3, "web:1"), true, "")))
                .isEqualTo(new Answer.Refused(
                        "rpc error: code = FailedPrecondition desc = service service1 does not have a previous spec"));
    }

    @Test
    void inStartFirstOrderTheOldTaskRunsUntilTheNewOneDoes() {
        FakeCluster cluster = FakeCluster.of(1);
        String startFirst = ", \"UpdateConfig\": {\"Parallelism\": 1, \"Order\": \"start-first\"}";
        Id<Service> web = cluster.create(replicated("web", 2, "web:1", startFirst));
        cluster.settle();
        cluster.check = view -> assertThat(cluster.running(web)).hasSizeBetween(2, 3);

        cluster.update(web, replicated("web", 2, "web:2", startFirst));
        cluster.advance(Duration.ofSeconds(7));

        assertThat(cluster.running(web))
                .hasSize(2)
                .allMatch(task -> FakeCluster.image(task, cluster.view).equals("web:2"));
        assertThat(cluster.service(web).updateStatus().orElseThrow().message()).isEqualTo("update completed");
    }

    @Test
    void publishedPortsAndAddressesAreGivenAndServed() {
        FakeCluster cluster = FakeCluster.of(1);
        Id<Service> web = cluster.create(
                replicated("web", 2, "web:1", ", \"EndpointSpec\": {\"Ports\": [{\"TargetPort\": 80}]}"));
        cluster.settle();

        assertThat(cluster.service(web).endpoint().ports())
                .extracting(PortConfig::publishedPort)
                .containsExactly(30000);
        var overlay = cluster.nodes
                .get(WORKER)
                .told
                .orElseThrow()
                .network()
                .overlays()
                .getFirst();
        assertThat(overlay.name()).isEqualTo("ingress");
        assertThat(overlay.vxlanId()).isEqualTo(4096);
        assertThat(overlay.services().getFirst().backends()).hasSize(2);
        assertThat(overlay.peers()).hasSize(2);
        assertThat(cluster.ask(new Command.CreateService(
                        new Id<>("other"),
                        replicated(
                                "other",
                                1,
                                "web:1",
                                ", \"EndpointSpec\": {\"Ports\": [{\"TargetPort\": 80, \"PublishedPort\": 30000}]}"),
                        "")))
                .isEqualTo(
                        new Answer.Refused(
                                "rpc error: code = InvalidArgument desc = port '30000' is already in use by service 'web' (service1) as an ingress port"));
    }

    @Test
    void aTaskThatFitsNowhereTellsWhy() {
        FakeCluster cluster = FakeCluster.of(4);
        Id<Service> web = cluster.create(io.panal.core.codec.Codec.JSON.read(
                """
                {"Name": "web", "TaskTemplate": {"ContainerSpec": {"Image": "web:1"},
                 "Placement": {"Constraints": ["node.labels.disk==ssd"]}}}
                """.getBytes(java.nio.charset.StandardCharsets.UTF_8), io.panal.core.model.ServiceSpec.class));
        cluster.settle();

        assertThat(cluster.live(web).getFirst().status().err())
                .isEqualTo("no suitable node (scheduling constraints not satisfied on 5 nodes)");
    }

    @ParameterizedTest
    @EnumSource(
            value = FakeCluster.Fate.class,
            names = {"LOST", "UNHEARD"})
    void aBatchOfUnknownFateStopsNothingForLong(FakeCluster.Fate fate) {
        FakeCluster cluster = FakeCluster.of(1);
        Id<Service> web = cluster.create(replicated("web", 2, "web:1"));
        cluster.settle();

        cluster.fate = fate;
        assertThat(cluster.update(web, replicated("web", 4, "web:1"))).isInstanceOf(Answer.Unavailable.class);
        cluster.advance(Duration.ofSeconds(2));

        assertThat(cluster.running(web)).hasSize(fate == FakeCluster.Fate.LOST ? 2 : 4);
        assertThat(cluster.update(web, replicated("web", 5, "web:1"))).isInstanceOf(Answer.Done.class);
        cluster.settle();
        assertThat(cluster.running(web)).hasSize(5);
    }

    @Test
    void whatTheLogFindsTooLargeIsCutSmaller() {
        FakeCluster cluster = FakeCluster.of(3);
        cluster.largestBatch = 40;

        for (int tries = 0; cluster.view.serviceNamed("web").isEmpty() && tries < 10; tries++) {
            cluster.tryCreate(replicated("web", 200, "web:1"));
        }
        cluster.advance(Duration.ofSeconds(20));

        Id<Service> web = cluster.view.serviceNamed("web").orElseThrow().id();
        assertThat(cluster.running(web)).hasSize(200);
    }

    @Test
    void aChangeThatTheLogDoesNotTakeIsToldSo() {
        FakeCluster cluster = FakeCluster.of(1);
        Id<Service> web = cluster.create(replicated("web", 2, "web:1"));
        cluster.settle();

        cluster.largestBatch = 0;

        assertThat(cluster.update(web, replicated("web", 4, "web:1"))).isEqualTo(Answers.TOO_LARGE);
    }

    @Test
    void aChangeThatIsTooLargeAloneIsToldSoAndThoseBesideItAreDone() {
        FakeCluster cluster = FakeCluster.of(1);
        cluster.largestEntryBytes = 50_000;
        String large = ", \"Labels\": {\"x\": \"%s\"}".formatted("x".repeat(60_000));
        List<Answer> answers = cluster.askAtOnce(Stream.of(
                        replicated("first", 1, "web:1"),
                        replicated("before", 1, "web:1"),
                        replicated("large", 1, "web:1", large),
                        replicated("after", 1, "web:1"))
                .map(cluster::creating)
                .toList());

        assertThat(answers)
                .extracting(Answer::getClass)
                .containsExactly(Answer.Done.class, Answer.Done.class, Answers.TOO_LARGE.getClass(), Answer.Done.class);
        assertThat(answers.get(2)).isEqualTo(Answers.TOO_LARGE);
        assertThat(cluster.view.services().all())
                .extracting(service -> service.spec().name())
                .containsExactlyInAnyOrder("first", "before", "after");
    }

    @Test
    void aServiceLargerThanABatchComesAndGoesInSeveral() {
        FakeCluster cluster = FakeCluster.of(3);
        Id<Service> web = cluster.create(replicated("web", 2_500, "web:1"));
        cluster.settle();
        assertThat(cluster.running(web)).hasSize(2_500);

        cluster.ask(new Command.RemoveService(web));
        cluster.settle();

        assertThat(cluster.view.tasks().size()).isZero();
        assertThat(cluster.view.revisions().size()).isZero();
        assertThat(cluster.log).allMatch(batch -> batch.changes().size() <= 1_300);
    }

    @Test
    void aClockThatGoesBackDelaysNothing() {
        FakeCluster cluster = FakeCluster.of(1);
        Id<Service> web = cluster.create(replicated("web", 2, "bad:1"));
        cluster.settle();
        cluster.now = cluster.now.minus(Duration.ofHours(1));

        cluster.changeLeader();
        cluster.update(web, replicated("web", 2, "web:2", ", \"UpdateConfig\": {\"Parallelism\": 0}"));
        cluster.advance(Duration.ofSeconds(20));

        assertThat(cluster.running(web)).hasSize(2);
        assertThat(cluster.service(web).updateStatus().orElseThrow().message()).isEqualTo("update completed");
    }

    @Test
    void aJobRunsUntilEachOfItsTasksHasEndedWell() {
        FakeCluster cluster = FakeCluster.of(1);
        Id<Service> job = cluster.create(FakeCluster.spec(
                "job", "done:1", "{\"ReplicatedJob\": {\"MaxConcurrent\": 2, \"TotalCompletions\": 5}}", ""));
        cluster.check = view -> assertThat(cluster.live(job)).hasSizeLessThanOrEqualTo(2);

        cluster.advance(Duration.ofSeconds(10));

        assertThat(cluster.view.tasksOf(job))
                .hasSize(5)
                .allMatch(task ->
                        task.status().state() == TaskState.COMPLETE && task.desiredState() == TaskState.COMPLETE);
    }

    /// The docker client counts a job's completions by their slots, from 0, and waits for ever for one it misses.
    @Test
    void aJobsSlotsCountFromZeroAlsoWhenTheirTasksFail() {
        FakeCluster cluster = FakeCluster.of(1);
        Id<Service> job = cluster.create(FakeCluster.spec(
                "job", "bad:1", "{\"ReplicatedJob\": {\"MaxConcurrent\": 2, \"TotalCompletions\": 2}}", ""));

        cluster.advance(Duration.ofSeconds(20));

        assertThat(cluster.service(job).jobStatus().orElseThrow().lastExecution())
                .isPresent();
        assertThat(cluster.view.tasksOf(job))
                .hasSizeGreaterThan(2)
                .allMatch(task -> task.origin().slot() >= 0 && task.origin().slot() < 2);
        cluster.update(
                job,
                FakeCluster.spec(
                        "job", "done:1", "{\"ReplicatedJob\": {\"MaxConcurrent\": 2, \"TotalCompletions\": 2}}", ""));
        cluster.advance(Duration.ofSeconds(20));
        assertThat(cluster.view.tasksOf(job).stream()
                        .filter(task -> task.status().state() == TaskState.COMPLETE)
                        .map(task -> task.origin().slot()))
                .containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void aGlobalJobRunsOnceOnEachNode() {
        FakeCluster cluster = FakeCluster.of(2);
        Id<Service> job = cluster.create(FakeCluster.spec("job", "done:1", "{\"GlobalJob\": {}}", ""));

        cluster.advance(Duration.ofSeconds(10));

        assertThat(cluster.view.tasksOf(job))
                .hasSize(3)
                .allMatch(task ->
                        task.status().state() == TaskState.COMPLETE && task.desiredState() == TaskState.COMPLETE);
        cluster.update(job, FakeCluster.spec("job", "done:2", "{\"GlobalJob\": {}}", ""));
        cluster.advance(Duration.ofSeconds(10));
        assertThat(cluster.view.tasksOf(job))
                .hasSize(3)
                .allMatch(task -> FakeCluster.image(task, cluster.view).equals("done:2"));
    }

    @ParameterizedTest(name = "{0} after {1}: {2} tasks run")
    @CsvSource(delimiter = '|', textBlock = """
                    none       | done | 0
                    on-failure | done | 0
                    none       | bad  | 0
                    """)
    void aPolicyThatForbidsItLeavesTheSlotFinished(String condition, String image, int live) {
        FakeCluster cluster = FakeCluster.of(0);
        Id<Service> once = cluster.create(
                withTask("once", image + ":1", "\"RestartPolicy\": {\"Condition\": \"%s\"}".formatted(condition)));

        cluster.advance(Duration.ofSeconds(30));

        assertThat(cluster.live(once)).hasSize(live);
        assertThat(cluster.view.tasksOf(once)).hasSize(1);
    }

    @Test
    void aTaskThatCannotBePreparedIsNotTriedWithoutDelay() {
        FakeCluster cluster = FakeCluster.of(0);
        Id<Service> web = cluster.create(replicated("web", 1, "none:1"));
        int before = cluster.log.size();

        cluster.advance(Duration.ofSeconds(22));

        assertThat(cluster.log.size() - before).isLessThan(25);
        assertThat(cluster.view.tasksOf(web)).hasSizeBetween(4, 5);
        cluster.update(web, replicated("web", 1, "web:1"));
        cluster.advance(Duration.ofSeconds(7));
        assertThat(cluster.running(web)).hasSize(1);
    }

    @Test
    void noMoreAttemptsAreMadeThanThePolicyAllows() {
        FakeCluster cluster = FakeCluster.of(0);
        Id<Service> tried = cluster.create(
                withTask("tried", "bad:1", "\"RestartPolicy\": {\"Delay\": 1000000000, \"MaxAttempts\": 7}"));
        cluster.advance(Duration.ofSeconds(4));
        cluster.changeLeader();
        cluster.advance(Duration.ofMinutes(1));

        assertThat(cluster.live(tried)).isEmpty();
        assertThat(cluster.view.tasksOf(tried)).hasSize(5);
        assertThat(cluster.log.stream()
                        .flatMap(batch -> batch.changes().stream())
                        .filter(change -> change instanceof Change.Put(Task task)
                                        && task.meta().equals(Meta.UNSTAMPED)
                                || change instanceof Change.Put(Task made)
                                        && made.status().state() == TaskState.ASSIGNED)
                        .map(change -> ((Change.Put) change).object().id())
                        .distinct())
                .hasSize(8);
    }

    private static ServiceSpec withTask(String name, String image, String more) {
        return Codec.JSON.read("""
                {"Name": "%s", "TaskTemplate": {"ContainerSpec": {"Image": "%s"}, %s}}
                """.formatted(name, image, more).getBytes(StandardCharsets.UTF_8), ServiceSpec.class);
    }

    @Test
    void theLastManagerStaysOne() {
        FakeCluster cluster = FakeCluster.of(1);
        Node manager = cluster.view.nodes().require(MANAGER);

        assertThat(cluster.ask(new Command.UpdateNode(
                        MANAGER,
                        manager.meta().version().index(),
                        new Node.NodeSpec("", java.util.Map.of(), Node.Role.WORKER, Node.Availability.ACTIVE))))
                .isEqualTo(
                        new Answer.Refused(
                                "rpc error: code = FailedPrecondition desc = attempting to demote the last manager of the swarm"));
        assertThat(cluster.ask(new Command.RemoveNode(WORKER, false)))
                .isEqualTo(new Answer.Refused(
                        "rpc error: code = FailedPrecondition desc = node node1 is not down and can't be removed"));
    }

    @Test
    void theTasksOfARemovedNodeRunElsewhere() {
        FakeCluster cluster = FakeCluster.of(1);
        Id<Service> web = cluster.create(replicated("web", 4, "web:1"));
        cluster.settle();

        assertThat(cluster.ask(new Command.RemoveNode(WORKER, true))).isInstanceOf(Answer.Done.class);
        cluster.advance(Duration.ofSeconds(1));

        assertThat(cluster.running(web)).hasSize(4);
        assertThat(cluster.effects).anyMatch(effect -> effect instanceof ManagerEffect.EndSession);
    }

    @Test
    void ofTwoUpdatesOfOneVersionOneIsMade() {
        FakeCluster cluster = FakeCluster.of(0);
        Id<Service> web = cluster.create(replicated("web", 1, "web:1"));
        cluster.settle();
        long version = cluster.service(web).meta().version().index();

        Answer first = cluster.ask(new Command.UpdateService(web, version, replicated("web", 2, "web:1"), false, ""));
        Answer second = cluster.ask(new Command.UpdateService(web, version, replicated("web", 3, "web:1"), false, ""));

        assertThat(first).isInstanceOf(Answer.Done.class);
        assertThat(second)
                .isEqualTo(new Answer.OutOfSequence("rpc error: code = Unknown desc = update out of sequence"));
    }

    @Test
    void rollingBackSwapsTheTwoSpecs() {
        FakeCluster cluster = FakeCluster.of(0);
        Id<Service> web = cluster.create(replicated("web", 2, "web:1"));
        cluster.settle();
        cluster.update(web, replicated("web", 2, "web:2"));
        cluster.advance(Duration.ofSeconds(7));

        long version = cluster.service(web).meta().version().index();
        cluster.ask(new Command.UpdateService(web, version, replicated("web", 2, "web:2"), true, ""));
        cluster.advance(Duration.ofSeconds(7));

        assertThat(cluster.running(web))
                .hasSize(2)
                .allMatch(task -> FakeCluster.image(task, cluster.view).equals("web:1"));
        assertThat(cluster.service(web).updateStatus().orElseThrow().message()).isEqualTo("rollback completed");

        long later = cluster.service(web).meta().version().index();
        cluster.ask(new Command.UpdateService(web, later, replicated("web", 2, "web:1"), true, ""));
        cluster.advance(Duration.ofSeconds(7));

        assertThat(cluster.running(web))
                .hasSize(2)
                .allMatch(task -> FakeCluster.image(task, cluster.view).equals("web:2"));
    }

    @Test
    void anUpdateThatChangesNoTaskReplacesNone() {
        FakeCluster cluster = FakeCluster.of(0);
        Id<Service> web = cluster.create(replicated("web", 2, "web:1"));
        cluster.settle();
        List<Id<Task>> before = cluster.running(web).stream().map(Task::id).toList();

        cluster.update(web, replicated("web", 3, "web:1"));
        cluster.advance(Duration.ofSeconds(7));

        assertThat(cluster.running(web)).hasSize(3).extracting(Task::id).containsAll(before);
        assertThat(cluster.service(web).updateStatus()).isEmpty();
    }
}
