package io.panal.core.store;

import io.panal.core.model.Cluster;
import io.panal.core.model.Config;
import io.panal.core.model.Guest;
import io.panal.core.model.Id;
import io.panal.core.model.Meta;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Revision;
import io.panal.core.model.Secret;
import io.panal.core.model.Service;
import io.panal.core.model.Stored;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// The cluster's state at one version. Never changes; the next one shares what is the same.
public final class View {
    private static final String BY_SERVICE = "service";
    private static final String BY_NODE = "node";
    private static final String BY_REVISION = "revision";
    private static final String BY_NAME = "name";
    private static final String BY_PLACE = "place";
    private static final String WAITING = "waiting";
    private static final String BY_NETWORK = "network";

    public static final View EMPTY = new View(0, emptyTables());

    private final long version;
    private final Map<String, Table<?>> tables;

    private View(long version, Map<String, Table<?>> tables) {
        this.version = version;
        this.tables = tables;
    }

    private static Map<String, Table<?>> emptyTables() {
        Map<String, Table<?>> tables = new TreeMap<>();
        tables.put(Kind.CLUSTER.name(), Table.<Cluster>empty(List.of()));
        tables.put(Kind.NODE.name(), Table.<Node>empty(List.of()));
        tables.put(
                Kind.NETWORK.name(),
                Table.<Network>empty(List.of(new Table.Index<>(
                        BY_NAME,
                        network -> network.departing()
                                ? List.of()
                                : List.of(network.spec().name())))));
        tables.put(
                Kind.SERVICE.name(),
                Table.<Service>empty(List.of(new Table.Index<>(
                        BY_NAME, service -> List.of(service.spec().name())))));
        tables.put(
                Kind.REVISION.name(),
                Table.<Revision>empty(List.of(new Table.Index<>(
                        BY_SERVICE, revision -> List.of(revision.serviceId().value())))));
        tables.put(
                Kind.TASK.name(),
                Table.<Task>empty(List.of(
                        new Table.Index<>(
                                BY_SERVICE, task -> List.of(task.serviceId().value())),
                        new Table.Index<>(
                                BY_NODE,
                                task -> task.nodeId()
                                        .map(node -> List.of(node.value()))
                                        .orElse(List.of())),
                        new Table.Index<>(
                                BY_REVISION,
                                task -> List.of(task.origin().revision().value())),
                        new Table.Index<>(BY_PLACE, task -> isWaiting(task) ? List.of(WAITING) : List.of()),
                        new Table.Index<>(BY_NETWORK, View::networksOf))));
        tables.put(
                Kind.SECRET.name(),
                Table.<Secret>empty(List.of(new Table.Index<>(
                        BY_NAME, secret -> List.of(secret.spec().name())))));
        tables.put(
                Kind.CONFIG.name(),
                Table.<Config>empty(List.of(new Table.Index<>(
                        BY_NAME, config -> List.of(config.spec().name())))));
        tables.put(
                Kind.GUEST.name(),
                Table.<Guest>empty(List.of(
                        new Table.Index<>(BY_NODE, guest -> List.of(guest.node().value())),
                        new Table.Index<>(
                                BY_NETWORK, guest -> List.of(guest.network().value())))));
        return tables;
    }

    /// The cluster-wide counter: how many changes led here.
    public long version() {
        return version;
    }

    @SuppressWarnings("unchecked") // a kind's table holds its kind: emptyTables and with see to it
    public <T extends Stored<T>> Table<T> table(Kind<T> kind) {
        return (Table<T>) Objects.requireNonNull(tables.get(kind.name()));
    }

    /// Whatever a change named.
    ///
    /// @param kind a [Kind]'s name
    public Optional<? extends Stored<?>> find(String kind, String id) {
        return found(Kind.of(kind), id);
    }

    private <T extends Stored<T>> Optional<T> found(Kind<T> kind, String id) {
        return table(kind).find(new Id<>(id));
    }

    /// @return empty before `swarm init`
    public Optional<Cluster> cluster() {
        return table(Kind.CLUSTER).all().stream().findFirst();
    }

    public Table<Node> nodes() {
        return table(Kind.NODE);
    }

    public Table<Network> networks() {
        return table(Kind.NETWORK);
    }

    public Table<Service> services() {
        return table(Kind.SERVICE);
    }

    public Table<Revision> revisions() {
        return table(Kind.REVISION);
    }

    public Table<Task> tasks() {
        return table(Kind.TASK);
    }

    public Table<Secret> secrets() {
        return table(Kind.SECRET);
    }

    public Table<Config> configs() {
        return table(Kind.CONFIG);
    }

    public Table<Guest> guests() {
        return table(Kind.GUEST);
    }

    /// Containers of no service that a node has on networks of the swarm.
    public Collection<Guest> guestsOn(Id<Node> node) {
        return guests().under(BY_NODE, node.value());
    }

    public Collection<Guest> guestsIn(Id<Network> network) {
        return guests().under(BY_NETWORK, network.value());
    }

    public Collection<Task> tasksOf(Id<Service> service) {
        return tasks().under(BY_SERVICE, service.value());
    }

    public Collection<Task> tasksOn(Id<Node> node) {
        return tasks().under(BY_NODE, node.value());
    }

    private static boolean isWaiting(Task task) {
        return task.isWanted() && task.status().state().compareTo(TaskState.ASSIGNED) < 0;
    }

    private static List<String> networksOf(Task task) {
        return task.isEnded()
                ? List.of()
                : task.networksAttachments().stream()
                        .map(attachment -> attachment.network().value())
                        .toList();
    }

    /// Those that have an address in a network and have not ended, in the order of their ids.
    public Collection<Task> tasksIn(Id<Network> network) {
        return tasks().under(BY_NETWORK, network.value());
    }

    /// Those that are to run and that no node has yet, in the order of their ids.
    public Collection<Task> tasksWaiting() {
        return tasks().under(BY_PLACE, WAITING);
    }

    public Collection<Task> tasksFrom(Id<Revision> revision) {
        return tasks().under(BY_REVISION, revision.value());
    }

    public Collection<Revision> revisionsOf(Id<Service> service) {
        return revisions().under(BY_SERVICE, service.value());
    }

    public Optional<Service> serviceNamed(String name) {
        return services().under(BY_NAME, name).stream().findFirst();
    }

    public Optional<Network> networkNamed(String name) {
        return networks().under(BY_NAME, name).stream().findFirst();
    }

    public Optional<Secret> secretNamed(String name) {
        return secrets().under(BY_NAME, name).stream().findFirst();
    }

    public Optional<Config> configNamed(String name) {
        return configs().under(BY_NAME, name).stream().findFirst();
    }

    /// What a task is made from.
    public Revision revisionOf(Task task) {
        return revisions().require(task.origin().revision());
    }

    /// Total: every change leads somewhere. Each step is one tick of the counter.
    public View after(Batch batch) {
        View next = this;
        for (Change change : batch.changes()) {
            next = next.after(change, batch.at());
        }
        return next;
    }

    View after(Change change, Instant at) {
        return switch (change) {
            case Change.Put(Stored<?> object) -> put(object, at);
            case Change.Delete(String kind, String id) -> deleted(Kind.of(kind), id);
        };
    }

    private <T extends Stored<T>> View put(Stored<T> object, Instant at) {
        @SuppressWarnings("unchecked") // Kind.of found it by the object's own class
        Kind<T> kind = (Kind<T>) Kind.of(object);
        Table<T> table = table(kind);
        Meta former = table.find(object.id()).map(Stored::meta).orElse(object.meta());
        return replaced(kind, table.with(object.stamped(former.stamped(version + 1, at))));
    }

    private <T extends Stored<T>> View deleted(Kind<T> kind, String id) {
        return replaced(kind, table(kind).without(new Id<>(id)));
    }

    private View replaced(Kind<?> kind, Table<?> table) {
        Map<String, Table<?>> next = new TreeMap<>(tables);
        next.put(kind.name(), table);
        return new View(version + 1, next);
    }

    /// A view from a snapshot, whose objects keep their stamps.
    static View restored(long version, Collection<? extends Stored<?>> objects) {
        View view = EMPTY;
        for (Stored<?> object : objects) {
            view = view.kept(object);
        }
        return new View(version, view.tables);
    }

    private <T extends Stored<T>> View kept(Stored<T> object) {
        @SuppressWarnings("unchecked") // as in put
        Kind<T> kind = (Kind<T>) Kind.of(object);
        @SuppressWarnings("unchecked") // Stored<T> is its own T
        T row = (T) object;
        return replaced(kind, table(kind).with(row));
    }
}
