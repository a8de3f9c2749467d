package io.panal.core.manager;

import io.panal.core.codec.Codec;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Cluster;
import io.panal.core.model.ContainerSpec;
import io.panal.core.model.Id;
import io.panal.core.model.Meta;
import io.panal.core.model.Node;
import io.panal.core.model.Service;
import io.panal.core.model.ServiceSpec;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import io.panal.core.store.Batch;
import io.panal.core.store.View;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// A manager with fake nodes, in virtual time, on one thread.
final class FakeCluster {
    static final Id<Node> MANAGER = new Id<>("node0");

    /// What becomes of the next batch: unheard is committed, but the leader is not told.
    enum Fate {
        COMMITTED,
        LOST,
        UNHEARD
    }

    Fate fate = Fate.COMMITTED;
    int largestBatch = Integer.MAX_VALUE;
    int largestEntryBytes = Integer.MAX_VALUE;
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    Manager manager = new Manager();
    View view = View.EMPTY;
    final SortedMap<Id<Node>, FakeNode> nodes = new TreeMap<>();
    final List<Batch> log = new ArrayList<>();
    final List<ManagerEffect> effects = new ArrayList<>();
    Consumer<View> check = _ -> {};
    private final Deque<ManagerEvent> events = new ArrayDeque<>();
    private final SortedMap<Long, Answer> answers = new TreeMap<>();
    private long requests;
    private long terms;
    private long sessions;
    private long ids;

    /// @param workers beside the manager, which takes tasks too
    static FakeCluster of(int workers) {
        return of(workers, new Manager());
    }

    static FakeCluster of(int workers, Manager manager) {
        FakeCluster cluster = new FakeCluster();
        cluster.manager = manager;
        cluster.lead();
        cluster.ask(new Command.CreateCluster(
                new Cluster(
                        new Id<>("cluster"),
                        Meta.UNSTAMPED,
                        Cluster.ClusterSpec.DEFAULT,
                        new Cluster.Authority(
                                "",
                                "",
                                new Cluster.JoinTokens("w", "m"),
                                new Node.TlsInfo("", "", ""),
                                Optional.empty()),
                        new Cluster.Addressing(List.of(), 24, 4789),
                        Optional.empty()),
                Node.admitted(MANAGER, Node.Role.MANAGER, "192.168.0.1").managingAt("192.168.0.1:2377")));
        cluster.open(MANAGER, "192.168.0.1", Map.of());
        for (int i = 1; i <= workers; i++) {
            Id<Node> id = new Id<>("node" + i);
            cluster.ask(new Command.AdmitNode(id, Node.Role.WORKER, "192.168.0." + (i + 1), Optional.empty()));
            cluster.open(id, "192.168.0." + (i + 1), Map.of());
        }
        cluster.settle();
        return cluster;
    }

    void lead() {
        terms++;
        hear(new ManagerEvent.MembersChanged(new TreeSet<>(List.of(MANAGER))));
        hear(new ManagerEvent.Led(terms, view, MANAGER, new ManagerEvent.Chance(42 + terms, "seed " + terms)));
    }

    /// Another manager takes over: all soft state is lost, the nodes come back to it.
    void changeLeader() {
        settle();
        manager = new Manager();
        lead();
        for (FakeNode node : List.copyOf(nodes.values())) {
            if (node.isUp) {
                reopen(node);
            }
        }
    }

    void open(Id<Node> id, String address, Map<String, String> engineLabels) {
        sessions++;
        FakeNode node =
                new FakeNode(id, "session" + sessions, address, FakeNode.description("host-" + id, engineLabels));
        nodes.put(id, node);
        hear(new ManagerEvent.SessionOpened(id, node.session, node.description, address));
    }

    /// A node shows another certificate from now on.
    void renewed(Id<Node> id, Node.TlsInfo tls) {
        describes(id, nodes.get(id).description.certified(tls));
    }

    /// A node's host has addresses in, and routes to, these from now on.
    void routes(Id<Node> id, List<String> subnets) {
        Node.Description was = nodes.get(id).description;
        describes(
                id,
                new Node.Description(
                        was.hostname(), was.platform(), was.resources(), was.engine(), was.tlsInfo(), subnets));
    }

    private void describes(Id<Node> id, Node.Description description) {
        sessions++;
        FakeNode next = nodes.get(id).again("session" + sessions);
        nodes.put(id, next);
        hear(new ManagerEvent.SessionOpened(id, next.session, description, next.address));
    }

    /// The same host with a new connection; its containers are as they were.
    FakeNode reopen(FakeNode former) {
        sessions++;
        FakeNode node = former.again("session" + sessions);
        nodes.put(node.id, node);
        hear(new ManagerEvent.SessionOpened(node.id, node.session, node.description, node.address));
        hear(new ManagerEvent.Reported(node.id, node.session, node.everything()));
        return node;
    }

    /// The clock is set; no time goes by.
    void setClock(Duration by) {
        now = now.plus(by);
        hear(new ManagerEvent.ClockJumped(by));
    }

    Answer ask(Command command) {
        requests++;
        hear(new ManagerEvent.Asked(requests, command));
        for (int patience = 0; patience < 100 && !answers.containsKey(requests); patience++) {
            now = now.plusMillis(20);
            hear(new ManagerEvent.Woken());
        }
        Answer answer = answers.get(requests);
        if (answer == null) {
            throw new IllegalStateException("no answer to " + command);
        }
        return answer;
    }

    void hear(ManagerEvent event) {
        events.add(event);
        while (!events.isEmpty()) {
            manager.on(events.remove(), now).forEach(this::perform);
        }
    }

    /// Asks all while the first is under way: the others share a batch.
    List<Answer> askAtOnce(List<Command> commands) {
        long before = requests;
        for (Command command : commands) {
            requests++;
            events.add(new ManagerEvent.Asked(requests, command));
        }
        hear(new ManagerEvent.Woken());
        advance(Duration.ofSeconds(1));
        return List.copyOf(answers.subMap(before + 1, requests + 1).values());
    }

    private boolean isTooLarge(Batch batch) {
        return batch.changes().size() > largestBatch || Codec.BINARY.write(batch).length > largestEntryBytes;
    }

    private void perform(ManagerEffect effect) {
        effects.add(effect);
        switch (effect) {
            case ManagerEffect.Propose(long number, Batch batch) -> {
                Fate own = fate;
                fate = Fate.COMMITTED;
                if (own == Fate.LOST || isTooLarge(batch)) {
                    events.add(
                            own == Fate.LOST
                                    ? new ManagerEvent.Abandoned(number, "lost")
                                    : new ManagerEvent.TooLarge(number));
                    return;
                }
                Batch logged = Codec.BINARY.read(Codec.BINARY.write(batch), Batch.class);
                log.add(logged);
                view = view.after(logged);
                check.accept(view);
                events.add(
                        own == Fate.UNHEARD
                                ? new ManagerEvent.Abandoned(number, "unheard")
                                : new ManagerEvent.Committed(number, view));
            }
            case ManagerEffect.Reply(long request, Answer answer) -> answers.put(request, answer);
            case ManagerEffect.Assign assign ->
                Optional.ofNullable(nodes.get(assign.node()))
                        .filter(node -> node.session.equals(assign.session()))
                        .ifPresent(node -> {
                            node.hear(assign.assignments());
                            if (node.isUp && node.acknowledges) {
                                events.add(new ManagerEvent.Connected(
                                        node.id,
                                        node.session,
                                        assign.assignments().generation()));
                            }
                        });
            case ManagerEffect.EndSession _, ManagerEffect.RemoveMember _ -> {}
        }
    }

    /// Lets everything happen that needs less than a second.
    FakeCluster settle() {
        for (int quiet = 0; quiet < 3; ) {
            boolean isQuiet = true;
            for (FakeNode node : List.copyOf(nodes.values())) {
                var reports = node.isUp ? node.step(now) : List.<io.panal.core.agent.Report>of();
                if (!reports.isEmpty()) {
                    isQuiet = false;
                    hear(new ManagerEvent.Reported(node.id, node.session, reports));
                }
            }
            now = now.plusMillis(20);
            if (manager.wakeAt().filter(at -> !at.isAfter(now)).isPresent()) {
                hear(new ManagerEvent.Woken());
                isQuiet = false;
            }
            // What is to happen within the second is waited for.
            isQuiet &= manager.wakeAt()
                    .filter(at -> at.isBefore(now.plusMillis(500)))
                    .isEmpty();
            quiet = isQuiet ? quiet + 1 : 0;
        }
        return this;
    }

    /// Time passes, with heartbeats of all nodes that are up.
    FakeCluster advance(Duration duration) {
        Instant end = now.plus(duration);
        while (now.isBefore(end)) {
            settle();
            now = now.plusMillis(500);
            for (FakeNode node : nodes.values()) {
                if (node.isUp) {
                    hear(new ManagerEvent.Beaten(node.id, node.session));
                }
            }
            if (manager.wakeAt().filter(at -> !at.isAfter(now)).isPresent()) {
                hear(new ManagerEvent.Woken());
            }
        }
        return settle();
    }

    Answer tryCreate(ServiceSpec spec) {
        return ask(creating(spec));
    }

    Command creating(ServiceSpec spec) {
        ids++;
        return new Command.CreateService(new Id<>("service" + ids), spec, "");
    }

    Id<Service> create(ServiceSpec spec) {
        Answer answer = tryCreate(spec);
        Id<Service> id = new Id<>("service" + ids);
        if (!(answer instanceof Answer.Done)) {
            throw new IllegalStateException("not created: " + answer);
        }
        return id;
    }

    Answer update(Id<Service> id, ServiceSpec spec) {
        long version = view.services().require(id).meta().version().index();
        return ask(new Command.UpdateService(id, version, spec, false, ""));
    }

    Answer updateNode(Id<Node> id, Node.Availability availability) {
        Node node = view.nodes().require(id);
        return ask(new Command.UpdateNode(
                id,
                node.meta().version().index(),
                new Node.NodeSpec(
                        node.spec().name(), node.spec().labels(), node.spec().role(), availability)));
    }

    List<Task> live(Id<Service> id) {
        return view.tasksOf(id).stream().filter(Task::isLive).toList();
    }

    List<Task> running(Id<Service> id) {
        return live(id).stream()
                .filter(task -> task.status().state() == TaskState.RUNNING)
                .toList();
    }

    Service service(Id<Service> id) {
        return view.services().require(id);
    }

    /// @param more JSON members to come after the name, mode and image: `, "UpdateConfig": {...}`
    static ServiceSpec spec(String name, String image, String mode, String more) {
        String json = """
                {"Name": "%s", "TaskTemplate": {"ContainerSpec": {"Image": "%s"}}, "Mode": %s %s}
                """.formatted(name, image, mode, more);
        return Codec.JSON.read(json.getBytes(StandardCharsets.UTF_8), ServiceSpec.class);
    }

    static ServiceSpec replicated(String name, long replicas, String image) {
        return replicated(name, replicas, image, "");
    }

    static ServiceSpec replicated(String name, long replicas, String image, String more) {
        return spec(name, image, "{\"Replicated\": {\"Replicas\": %d}}".formatted(replicas), more);
    }

    static ServiceSpec global(String name, String image) {
        return spec(name, image, "{\"Global\": {}}", "");
    }

    static String imageOf(Service service) {
        return service.spec()
                .taskTemplate()
                .containerSpec()
                .map(ContainerSpec::image)
                .orElse("");
    }

    static String image(Task task, View view) {
        return view.revisionOf(task)
                .spec()
                .containerSpec()
                .map(ContainerSpec::image)
                .orElse("");
    }
}
