package io.panal.simulator;

import io.panal.core.api.Standing;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Answers;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Cluster;
import io.panal.core.model.Id;
import io.panal.core.model.Meta;
import io.panal.core.model.Node;
import io.panal.core.model.Task;
import io.panal.core.store.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// A swarm of simulated machines: what can be asked of it, and what can befall it.
public final class Swarm {
    private static final int FIRST_ADDRESS = 100;
    private static final int SUBNET_SIZE = 24;
    private static final int DATA_PATH_PORT = 4789;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration READ_PATIENCE = Duration.ofSeconds(10);

    private final World world;
    private final Ether ether;
    private final SharedLog log;
    private final Images images = new Images();
    private final List<Machine> machines = new ArrayList<>();
    private final List<ManagerSeat> managers = new ArrayList<>();
    private final List<AgentSeat> agents = new ArrayList<>();
    private final Acknowledged acknowledged = new Acknowledged();

    private Swarm(World world) {
        this.world = world;
        this.ether = new Ether(world);
        this.log = new SharedLog(world, ether);
    }

    /// Machines named as the lab names them, joined and at rest.
    public static Swarm of(World world, int managers, int workers) {
        Swarm swarm = new Swarm(world);
        for (int i = 1; i <= managers; i++) {
            swarm.addMachine("docker-swarm-manager-" + i);
        }
        for (int i = 1; i <= workers; i++) {
            swarm.addMachine("docker-swarm-worker-" + i);
        }
        swarm.form(managers);
        return swarm;
    }

    private void addMachine(String name) {
        machines.add(new Machine(world, name, "192.168.66." + (FIRST_ADDRESS + machines.size())));
    }

    private void form(int managerCount) {
        for (int i = 0; i < machines.size(); i++) {
            Machine machine = machines.get(i);
            boolean isManager = i < managerCount;
            Command admission = i == 0
                    ? new Command.CreateCluster(cluster(), firstManager(machine))
                    : new Command.AdmitNode(
                            machine.id(),
                            isManager ? Node.Role.MANAGER : Node.Role.WORKER,
                            machine.address(),
                            Optional.empty());
            if (i == 0) {
                seat(machine);
                log.start();
            }
            askFirst(admission);
            if (isManager && i > 0) {
                seat(machine);
            }
            agents.add(new AgentSeat(world, ether, machine, images, () -> managers));
            agents.getLast().rise();
        }
        settle();
    }

    private void seat(Machine machine) {
        ManagerSeat seat = new ManagerSeat(world, log, machine);
        managers.add(seat);
        log.join(seat);
    }

    private static Node firstManager(Machine machine) {
        return Node.admitted(machine.id(), Node.Role.MANAGER, machine.address())
                .managingAt(machine.address() + ":2377");
    }

    private Cluster cluster() {
        return new Cluster(
                new Id<>(world.freshName()),
                Meta.UNSTAMPED,
                Cluster.ClusterSpec.DEFAULT,
                new Cluster.Authority(
                        "",
                        "",
                        new Cluster.JoinTokens("SWMTKN-1-simulated-worker", "SWMTKN-1-simulated-manager"),
                        new Node.TlsInfo("", "", ""),
                        Optional.empty()),
                new Cluster.Addressing(List.of(), SUBNET_SIZE, DATA_PATH_PORT),
                Optional.empty());
    }

    private void askFirst(Command command) {
        ManagerSeat first = managers.getFirst();
        if (!world.until(first::isLeading, PATIENCE) || !(await(first, command) instanceof Answer.Done)) {
            throw new IllegalStateException("the swarm cannot be formed: " + command);
        }
    }

    World world() {
        return world;
    }

    public Images images() {
        return images;
    }

    public List<Machine> machines() {
        return List.copyOf(machines);
    }

    /// @param name of a machine, or `leader` for the one that leads
    public Optional<Machine> machine(String name) {
        return name.equals("leader")
                ? log.leader().map(ManagerSeat::machine)
                : machines.stream()
                        .filter(machine -> machine.name().equals(name))
                        .findFirst();
    }

    List<ManagerSeat> managers() {
        return List.copyOf(managers);
    }

    Optional<ManagerSeat> managerOn(Machine machine) {
        return managers.stream().filter(seat -> seat.machine().equals(machine)).findFirst();
    }

    AgentSeat agentOn(Machine machine) {
        return agents.get(machines.indexOf(machine));
    }

    SharedLog log() {
        return log;
    }

    /// The newest committed state.
    public View view() {
        return log.view();
    }

    /// Pulls the plug of a machine.
    public void crash(Machine machine) {
        agentOn(machine).containers().losePower();
        stopDaemon(machine);
    }

    /// Ends the daemon without a word; containers go on.
    void stopDaemon(Machine machine) {
        if (machine.isUp()) {
            machine.die();
            agentOn(machine).die();
            managerOn(machine).ifPresent(ManagerSeat::die);
            world.stir();
        }
    }

    /// Starts a machine's daemon, and ends the one that ran.
    public void restart(Machine machine) {
        stopDaemon(machine);
        machine.rise();
        managerOn(machine).ifPresent(ManagerSeat::rise);
        agentOn(machine).rise();
        world.stir();
    }

    /// @param islands machines that reach only each other; the others do so too
    public void partition(List<List<Machine>> islands) {
        ether.partition(islands);
        for (AgentSeat agent : agents) {
            agent.link()
                    .filter(link ->
                            !ether.reaches(agent.machine(), link.manager().machine()))
                    .ifPresent(Link::cut);
        }
        world.stir();
    }

    public void heal() {
        ether.heal();
        world.stir();
    }

    Ether ether() {
        return ether;
    }

    /// Makes a manager the swarm's only one, as `init --force-new-cluster` does; the others manage no more.
    Answer beginAnew(ManagerSeat survivor) {
        List<ManagerSeat> others =
                managers.stream().filter(seat -> !seat.equals(survivor)).toList();
        managers.removeAll(others);
        others.forEach(ManagerSeat::die);
        log.beginAnew(survivor);
        boolean _ = world.until(survivor::isLeading, PATIENCE);
        return await(survivor, new Command.ForceNewCluster(survivor.machine().id(), survivor.managerAddress()));
    }

    /// Ends a task's process as `kill -9` does.
    public void kill(Task task) {
        agents.forEach(agent -> agent.containers().kill(task.id()));
        world.stir();
    }

    /// Lets all follow that needs no more than waiting for work under way.
    public void settle() {
        boolean _ = world.settle(Duration.ofSeconds(2), Duration.ofMinutes(2));
    }

    /// Who leads, as a manager knows it.
    static Optional<ManagerSeat> leaderAsSeenBy(ManagerSeat asked, List<ManagerSeat> managers, Ether ether) {
        if (asked.isLeading()) {
            return Optional.of(asked);
        }
        return managers.stream()
                .filter(ManagerSeat::isLeading)
                .filter(other -> ether.reaches(asked.machine(), other.machine()))
                .findFirst();
    }

    Standing.Manager standing(ManagerSeat seat) {
        List<Id<Node>> reachable = seat.view().nodes().all().stream()
                .filter(Node::isManager)
                .filter(node ->
                        node.id().equals(seat.machine().id()) || node.status().state() != Node.State.DOWN)
                .map(Node::id)
                .toList();
        return new Standing.Manager(
                seat.machine().id(),
                leaderAsSeenBy(seat, managers, ether)
                        .map(leader -> leader.machine().id()),
                reachable);
    }

    /// Runs the world until a manager's state holds all that was acknowledged before.
    ///
    /// @return false when there is no leader to ask
    boolean catchUp(ManagerSeat seat) {
        if (!world.until(() -> leaderAsSeenBy(seat, managers, ether).isPresent(), READ_PATIENCE)) {
            return false;
        }
        long wanted = leaderAsSeenBy(seat, managers, ether)
                .map(leader -> leader.view().version())
                .orElse(0L);
        return world.until(() -> seat.view().version() >= wanted, READ_PATIENCE);
    }

    /// Has a manager, or through it the leader, do something, and runs the world until it is answered.
    Answer await(ManagerSeat by, Command command) {
        List<Answer> answers = new ArrayList<>();
        submit(by, command, answers::add);
        boolean _ = world.until(() -> !answers.isEmpty(), PATIENCE);
        if (answers.isEmpty()) {
            return Answers.NO_LEADER;
        }
        if (answers.getFirst() instanceof Answer.Done done) {
            boolean _ = world.until(() -> by.view().version() >= done.version(), PATIENCE);
        }
        return answers.getFirst();
    }

    /// Asks and goes on.
    ///
    /// @param answered hears the answer, or never anything
    void submit(ManagerSeat by, Command command, Consumer<Answer> answered) {
        acknowledged.asked(command);
        Consumer<Answer> heard = answer -> {
            acknowledged.add(command, answer, log.view());
            world.stir();
            answered.accept(answer);
        };
        Optional<ManagerSeat> leader = leaderAsSeenBy(by, managers, ether);
        if (leader.isEmpty()) {
            world.afterWork(ether.delay(), () -> answered.accept(Answers.NO_LEADER));
        } else if (leader.get().equals(by)) {
            by.ask(command, heard);
        } else {
            forward(by, leader.get(), command, heard);
        }
    }

    private void forward(ManagerSeat from, ManagerSeat to, Command command, Consumer<Answer> answered) {
        carry(from.machine(), to.machine(), () -> {
            if (to.isLeading()) {
                to.ask(command, answer -> carry(to.machine(), from.machine(), () -> answered.accept(answer)));
            } else {
                carry(to.machine(), from.machine(), () -> answered.accept(Answers.NO_LEADER));
            }
        });
    }

    private void carry(Machine from, Machine to, Runnable arrived) {
        if (!ether.loses()) {
            world.after(ether.delay(), () -> {
                if (ether.reaches(from, to)) {
                    arrived.run();
                }
            });
        }
    }

    /// Every task whose container runs, on whatever machine.
    List<Id<Task>> running() {
        return machines.stream()
                .flatMap(machine -> agentOn(machine).containers().running().stream())
                .toList();
    }

    /// @throws BrokenLaw when something acknowledged is not in the state
    void checkAcknowledged() {
        acknowledged.check(log.view());
    }
}
