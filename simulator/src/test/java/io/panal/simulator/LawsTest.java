package io.panal.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.core.agent.AgentEffect;
import io.panal.core.agent.Assignment;
import io.panal.core.codec.Codec;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Answers;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Id;
import io.panal.core.model.Meta;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Service;
import io.panal.core.model.ServiceSpec;
import io.panal.core.model.Stored;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import io.panal.core.model.TaskStatus;
import io.panal.core.store.Batch;
import io.panal.core.store.Change;
import io.panal.core.store.Kind;
import io.panal.core.store.View;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Each law tells of the defect that it is there for: the state of a healthy swarm, with that defect put into it.
class LawsTest {
    private static final String WEB = """
            {"Name": "web", "Mode": {"Replicated": {"Replicas": 2}},
             "TaskTemplate": {"ContainerSpec": {"Image": "web:1"}},
             "EndpointSpec": {"Ports": [{"TargetPort": 80}]}}
            """;
    private static final String API = """
            {"Name": "api", "Mode": {"Replicated": {"Replicas": 1}},
             "TaskTemplate": {"ContainerSpec": {"Image": "api:1"}},
             "EndpointSpec": {"Ports": [{"TargetPort": 80}, {"TargetPort": 81, "PublishedPort": 81, "PublishMode": "host"}]}}
            """;

    private final World world = new World(1);
    private final Swarm swarm = Swarm.of(world, 3, 2);
    private final Acknowledged acknowledged = new Acknowledged();
    private final View view = served();

    private View served() {
        create(WEB);
        create(API);
        swarm.settle();
        return swarm.view();
    }

    private void create(String spec) {
        Answer answer = swarm.await(
                swarm.managers().getFirst(), new Command.CreateService(new Id<>(world.freshName()), spec(spec), ""));
        assertThat(answer).isInstanceOf(Answer.Done.class);
    }

    private static ServiceSpec spec(String json) {
        return Codec.JSON.read(json.getBytes(StandardCharsets.UTF_8), ServiceSpec.class);
    }

    private Service service(String name) {
        return view.serviceNamed(name).orElseThrow();
    }

    private Task task(String service) {
        return view.tasksOf(service(service).id()).iterator().next();
    }

    private Node nodeOf(Task task) {
        return view.nodes().find(task.nodeId().orElseThrow()).orElseThrow();
    }

    private Id<Node> anotherThan(Id<Node> node) {
        return view.nodes().all().stream()
                .map(Node::id)
                .filter(id -> !id.equals(node))
                .findFirst()
                .orElseThrow();
    }

    /// What the laws say of a state in which these stand too.
    private void check(Stored<?>... planted) {
        Batch batch = new Batch(
                world.now(), Stream.of(planted).<Change>map(Change.Put::new).toList());
        new Laws().check(view, batch, view.after(batch));
    }

    private void breaks(String law, Stored<?>... planted) {
        assertThatThrownBy(() -> check(planted)).isInstanceOf(BrokenLaw.class).hasMessageContaining(law);
    }

    private static Task like(Task task, String id, TaskStatus status, List<Task.Attachment> attachments) {
        return new Task(
                new Id<>(id),
                Meta.UNSTAMPED,
                task.origin(),
                task.nodeId(),
                task.desiredState(),
                task.pace(),
                status,
                attachments);
    }

    @Test
    void aHealthySwarmBreaksNone() {
        check(service("web"), task("web"));
        assertThat(Wishes.open(swarm)).isEmpty();
    }

    @Test
    void aVirtualAddressOfTwoServicesIsTold() {
        Service.Endpoint given = service("web").endpoint();
        assertThat(given.virtualIps()).isNotEmpty();
        breaks(
                "no address is given twice",
                service("api")
                        .endowed(new Service.Endpoint(
                                given.spec(), service("api").endpoint().ports(), given.virtualIps())));
    }

    @Test
    void anAddressOfTwoTasksIsTold() {
        Task web = task("web");
        assertThat(web.networksAttachments()).isNotEmpty();
        Task api = task("api");
        breaks(
                "no address is given twice",
                new Task(
                        api.id(),
                        api.meta(),
                        api.origin(),
                        api.nodeId(),
                        api.desiredState(),
                        api.pace(),
                        api.status(),
                        web.networksAttachments()));
    }

    @Test
    void anAddressOfATaskAndANodeIsTold() {
        Task web = task("web");
        Task.Attachment ofNode = nodeOf(web).attachments().getFirst();
        breaks(
                "no address is given twice",
                like(web, "other", web.status(), List.of(ofNode)).wanted(TaskState.SHUTDOWN));
    }

    @Test
    void twoNetworksWithOneVxlanIdOrOneSubnetAreTold() {
        Network ingress = view.networks().all().stream()
                .filter(network -> network.spec().ingress())
                .findFirst()
                .orElseThrow();
        Network.Allocation own = ingress.allocation().orElseThrow();
        Network other = Network.created(new Id<>("other"), ingress.spec());
        breaks("no VXLAN id is given twice", other.allocated(new Network.Allocation(own.vxlanId(), List.of())));
        breaks("no subnet is given twice", other.allocated(new Network.Allocation(own.vxlanId() + 1, own.subnets())));
    }

    @Test
    void aPublishedPortOfTwoServicesIsTold() {
        Service.Endpoint api = service("api").endpoint();
        breaks(
                "no published port is given twice",
                service("api")
                        .endowed(new Service.Endpoint(
                                api.spec(), service("web").endpoint().ports(), api.virtualIps())));
    }

    @Test
    void aHostsPortOfTwoTasksIsTold() {
        Task api = task("api");
        Task second = like(api, "other", api.status(), List.of());
        Task.Origin inSlotTwo = new Task.Origin(
                api.serviceId(), 2, api.origin().revision(), api.origin().jobIteration());
        breaks(
                "no host port is given twice",
                new Task(
                        second.id(),
                        second.meta(),
                        inSlotTwo,
                        second.nodeId(),
                        second.desiredState(),
                        second.pace(),
                        second.status(),
                        List.of()));
    }

    @Test
    void aSecondTaskInASlotIsTold() {
        Task web = task("web");
        breaks("a slot has at most 1 live tasks", like(web, "other", web.status(), List.of()));
    }

    @Test
    void aTaskThatGoesBackIsTold() {
        Task web = task("web");
        TaskStatus earlier = TaskStatus.of(world.now(), TaskState.PREPARING, "preparing");
        breaks("states only advance", like(web, web.id().value(), earlier, web.networksAttachments()));
    }

    @Test
    void aTaskThatMovesIsTold() {
        Task web = task("web");
        breaks(
                "a task keeps its node",
                new Task(
                        web.id(),
                        web.meta(),
                        web.origin(),
                        Optional.of(anotherThan(web.nodeId().orElseThrow())),
                        web.desiredState(),
                        web.pace(),
                        web.status(),
                        web.networksAttachments()));
    }

    @Test
    void aTaskThatIsGivenToADrainedNodeIsTold() {
        Task web = task("web");
        Node node = nodeOf(web);
        Task.Origin inSlotThree = new Task.Origin(
                web.serviceId(), 3, web.origin().revision(), web.origin().jobIteration());
        Task given = Task.created(new Id<>("other"), inSlotThree, TaskState.RUNNING, world.now())
                .assignedTo(node.id(), world.now());
        check(given);
        breaks("only an active node is given tasks", drained(node), given);
    }

    private static Node drained(Node node) {
        return node.respecified(new Node.NodeSpec(
                node.spec().name(), node.spec().labels(), node.spec().role(), Node.Availability.DRAIN));
    }

    @Test
    void aTaskLeftOnADrainedNodeIsAnOpenWish() {
        View planted = view.after(new Batch(world.now(), List.of(new Change.Put(drained(nodeOf(task("web")))))));
        assertThat(Wishes.open(swarm, planted)).anyMatch(open -> open.contains("on a drained node"));
    }

    @Test
    void wishesThatAreNotFulfilledAreOpen() {
        Task web = task("web");
        View gone = view.after(new Batch(
                world.now(),
                List.of(new Change.Delete(Kind.TASK.name(), web.id().value()))));
        assertThat(Wishes.open(swarm, gone))
                .anyMatch(open -> open.contains("service web has 1 live tasks"))
                .anyMatch(open -> open.contains("containers run for"));
        View orphaned = view.after(new Batch(
                world.now(),
                List.of(new Change.Delete(
                        Kind.SERVICE.name(), service("web").id().value()))));
        assertThat(Wishes.open(swarm, orphaned)).anyMatch(open -> open.contains("of a service that was removed"));
        swarm.crash(swarm.machine("docker-swarm-worker-2").orElseThrow());
        world.advance(Duration.ofSeconds(30));
        assertThat(Wishes.open(swarm)).anyMatch(open -> open.contains("node docker-swarm-worker-2 is DOWN"));
    }

    @Test
    void anAcknowledgedServiceThatIsLostIsTold() {
        Id<Service> id = service("web").id();
        acknowledged.add(new Command.CreateService(id, service("web").spec(), ""), done(view), view);
        acknowledged.check(view);
        View without = view.after(new Batch(world.now(), List.of(new Change.Delete(Kind.SERVICE.name(), id.value()))));
        assertThatThrownBy(() -> acknowledged.check(without))
                .isInstanceOf(BrokenLaw.class)
                .hasMessageContaining("no acknowledged write is lost: service %s is gone".formatted(id));
    }

    @Test
    void anAcknowledgedRemovalThatIsUndoneIsTold() {
        Command.RemoveService removal = new Command.RemoveService(service("web").id());
        acknowledged.asked(removal);
        assertThatThrownBy(() -> acknowledged.add(removal, done(view), view))
                .isInstanceOf(BrokenLaw.class)
                .hasMessageContaining("is back");
    }

    @Test
    void anAcknowledgedUpdateThatIsLostIsTold() {
        Service web = service("web");
        Command.UpdateService update =
                new Command.UpdateService(web.id(), web.meta().version().index(), web.spec(), false, "");
        View updated = view.after(
                new Batch(world.now(), List.of(new Change.Put(web.respecified(web.spec(), web.revision())))));
        acknowledged.add(update, done(updated), updated);
        assertThatThrownBy(() -> acknowledged.check(view))
                .isInstanceOf(BrokenLaw.class)
                .hasMessageContaining("service %s is as it was".formatted(web.id()));
    }

    @Test
    void anAnswerAheadOfTheLogIsTold() {
        Command command =
                new Command.CreateService(service("web").id(), service("web").spec(), "");
        Answer early = new Answer.Done("web", view.version() + 1, List.of());
        assertThatThrownBy(() -> acknowledged.add(command, early, view))
                .isInstanceOf(BrokenLaw.class)
                .hasMessageContaining("an acknowledged write is in the log");
        acknowledged.add(command, Answers.NO_LEADER, view);
    }

    private static Answer done(View view) {
        return new Answer.Done("web", view.version(), List.of());
    }

    @Test
    void aContainerThatIsMadeOrStartedTwiceIsTold() {
        Task web = task("web");
        Containers containers =
                new Containers(world, swarm.machine("docker-swarm-worker-1").orElseThrow(), swarm.images(), _ -> {});
        AgentEffect prepare = new AgentEffect.Prepare(assignment(web));
        AgentEffect start = new AgentEffect.Start(web.id(), "");
        containers.perform(prepare);
        swarm.settle();
        containers.perform(start);
        swarm.settle();
        assertThat(containers.running()).containsExactly(web.id());

        containers.perform(prepare);
        assertThatThrownBy(swarm::settle).isInstanceOf(BrokenLaw.class).hasMessageContaining("is prepared twice");
        containers.perform(start);
        assertThatThrownBy(swarm::settle).isInstanceOf(BrokenLaw.class).hasMessageContaining("is started again");
    }

    private Assignment assignment(Task task) {
        Service service = service("web");
        return new Assignment(
                task.id(),
                task.origin().slot(),
                task.desiredState(),
                new Assignment.ServiceIdentity(service.id(), "web", Map.of()),
                view.revisionOf(task).spec(),
                List.of(),
                List.of(),
                false,
                false,
                Map.of(),
                "");
    }

    @Test
    void aManagerWhoseStateDiffersIsTold() {
        ManagerSeat seat = swarm.managers().getLast();
        int last = swarm.log().length() - 1;
        assertThatThrownBy(() -> swarm.log().compare(seat, last, 1))
                .isInstanceOf(BrokenLaw.class)
                .hasMessageContaining("equal views at equal index");
    }
}
