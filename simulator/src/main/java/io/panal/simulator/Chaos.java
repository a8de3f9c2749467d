package io.panal.simulator;

import io.panal.core.codec.Codec;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.model.ContainerSpec;
import io.panal.core.model.Guest;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Service;
import io.panal.core.model.ServiceSpec;
import io.panal.core.model.Task;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/// A cluster to which, by a seed, everything happens that can: users who want things, and things that go wrong.
///
/// First faults, with the laws checked at every step; then none, and within a bounded time the wishes come true.
public final class Chaos {
    private static final Duration PATIENCE = Duration.ofMinutes(8);
    private static final int MOST_SERVICES = 5;
    private static final int ATTEMPTS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 6_000;
    private static final long SMALL_SKEW_MILLIS = 30_000;
    private static final long LARGE_SKEW_MILLIS = 3_600_000;

    private final SplittableRandom chance;
    private final World world;
    private final Swarm swarm;
    private final List<String> story = new ArrayList<>();
    private int names;

    private Chaos(long seed) {
        this.chance = new SplittableRandom(seed ^ 0x5EED);
        this.world = new World(seed);
        this.swarm = Swarm.of(world, 1 + 2 * chance.nextInt(3), 1 + chance.nextInt(4));
    }

    /// @param steps how much happens before the faults end
    /// @return what happened, in order
    /// @throws BrokenLaw with what happened last, when a law is broken or a wish stays open
    public static List<String> run(long seed, int steps) {
        Chaos chaos = new Chaos(seed);
        try {
            chaos.rage(steps);
            chaos.calmDown();
            return List.copyOf(chaos.story);
        } catch (RuntimeException broken) {
            List<String> last = chaos.story.subList(Math.max(0, chaos.story.size() - 12), chaos.story.size());
            BrokenLaw told = new BrokenLaw("%s\nafter %s".formatted(broken, String.join("; ", last)));
            told.initCause(broken);
            throw told;
        }
    }

    private void rage(int steps) {
        swarm.log().calm(false);
        for (int step = 0; step < steps; step++) {
            if (chance.nextInt(5) < 3) {
                wish();
            } else {
                befall();
            }
            world.advance(Duration.ofMillis(chance.nextLong(LONGEST_PAUSE_MILLIS)));
        }
    }

    private void calmDown() {
        tell("calm");
        swarm.heal();
        swarm.log().calm(true);
        for (Machine machine : swarm.machines()) {
            machine.slowDown(1);
            machine.misadjust(Duration.ZERO);
            if (!machine.isUp()) {
                swarm.restart(machine);
            }
        }
        for (String image : List.of("web", "api", "bad", "gone")) {
            swarm.images().forget(image);
        }
        world.advance(Duration.ofSeconds(20));
        List<Node> nodes = List.copyOf(swarm.view().nodes().all());
        for (int i = 0; i < nodes.size(); i++) {
            boolean isLeftOut = i > 0 && i == nodes.size() - 1 && chance.nextBoolean();
            Id<Node> id = nodes.get(i).id();
            insist(() -> availability(id, isLeftOut ? Node.Availability.DRAIN : Node.Availability.ACTIVE));
        }
        for (Service service : List.copyOf(swarm.view().services().all())) {
            insist(() -> update(service.id(), spec(service.spec().name(), Whim.NONE)));
        }
        List<String> open = List.of("nothing was looked at");
        for (int look = 0; look < PATIENCE.toSeconds() / 10 && !open.isEmpty(); look++) {
            world.advance(Duration.ofSeconds(10));
            open = Wishes.open(swarm);
        }
        swarm.checkAcknowledged();
        if (!open.isEmpty()) {
            throw new BrokenLaw("the cluster comes to what its specs say: %s".formatted(open));
        }
    }

    private void tell(String what) {
        story.add(Duration.between(World.BEGINNING, world.now()).toMillis() + " ms " + what);
    }

    private void wish() {
        List<Service> services = List.copyOf(swarm.view().services().all());
        Optional<Service> some =
                services.isEmpty() ? Optional.empty() : Optional.of(services.get(chance.nextInt(services.size())));
        switch (chance.nextInt(7)) {
            case 6 -> guest();
            case 0, 1 -> create(services.size());
            case 2, 3 ->
                some.flatMap(service -> update(service.id(), spec(service.spec().name(), whim())))
                        .ifPresent(this::ask);
            case 4 ->
                some.filter(_ -> services.size() > 2).ifPresent(service -> {
                    tell("rm " + service.spec().name());
                    ask(new Command.RemoveService(service.id()));
                });
            default -> {
                Node.Availability[] all = Node.Availability.values();
                availability(machine().id(), all[chance.nextInt(all.length)]).ifPresent(this::ask);
            }
        }
    }

    /// Containers of no service come to a small network and leave it; it goes when it can, and comes again.
    private void guest() {
        Optional<Network> yard = swarm.view().networkNamed("yard");
        List<Guest> there = List.copyOf(swarm.view().guests().all());
        if (yard.isEmpty()) {
            tell("network yard");
            ask(new Command.CreateNetwork(
                    new Id<>(world.freshName()),
                    new Network.NetworkSpec(
                            "yard",
                            Map.of(),
                            "overlay",
                            Map.of(),
                            false,
                            true,
                            false,
                            false,
                            Optional.of(new Network.Ipam(
                                    "", Map.of(), List.of(Network.Subnet.of("10.77.0.0/29", "", "")))))));
        } else if (there.isEmpty() || chance.nextInt(3) > 0) {
            String container = "run-" + chance.nextInt(9);
            tell("host " + container);
            ask(new Command.HostGuest(
                    new Id<>(world.freshName()), machine().id(), container, "yard", List.of(container), ""));
        } else {
            Guest gone = there.get(chance.nextInt(there.size()));
            tell("drop " + gone.container());
            ask(new Command.DropGuests(gone.node(), List.of(gone.id())));
            ask(new Command.RemoveNetwork(yard.get().id()));
        }
    }

    private String image() {
        return switch (chance.nextInt(6)) {
            case 0 -> "bad:" + chance.nextInt(3);
            case 1 -> "gone:" + chance.nextInt(3);
            case 2 -> "api:" + chance.nextInt(3);
            default -> "web:" + chance.nextInt(3);
        };
    }

    private void create(int present) {
        if (present < MOST_SERVICES) {
            names++;
            String kind = chance.nextInt(4) == 0 ? "global" : "some";
            String name = (chance.nextBoolean() ? "first" : "stop") + "-" + kind + names;
            tell("create " + name);
            ask(new Command.CreateService(new Id<>(world.freshName()), spec(name, whim()), ""));
        }
    }

    private Optional<Command> update(Id<Service> id, ServiceSpec spec) {
        return swarm.view().services().find(id).map(service -> {
            tell("update %s to %s %s"
                    .formatted(
                            spec.name(),
                            spec.mode(),
                            spec.taskTemplate().containerSpec().map(ContainerSpec::image)));
            return new Command.UpdateService(id, service.meta().version().index(), spec, false, "");
        });
    }

    private Optional<Command> availability(Id<Node> id, Node.Availability availability) {
        return swarm.view().nodes().find(id).map(node -> {
            tell("node %s %s".formatted(node.hostname(), availability));
            return new Command.UpdateNode(
                    id,
                    node.meta().version().index(),
                    new Node.NodeSpec(
                            node.spec().name(),
                            chance.nextBoolean() ? Map.of("disk", "ssd") : Map.of(),
                            node.spec().role(),
                            availability));
        });
    }

    /// Asks until it is granted: what it was made from may be out of date when it arrives.
    private void insist(Supplier<Optional<Command>> wish) {
        Optional<Command> open = wish.get();
        for (int attempt = 0; attempt < ATTEMPTS && open.isPresent(); attempt++) {
            Answer answer = swarm.await(swarm.managers().getFirst(), open.get());
            open = answer instanceof Answer.Done ? Optional.empty() : wish.get();
        }
        open.ifPresent(command -> {
            throw new BrokenLaw("in calm times a wish is granted: %s".formatted(command));
        });
    }

    private void ask(Command command) {
        List<ManagerSeat> up =
                swarm.managers().stream().filter(seat -> seat.machine().isUp()).toList();
        if (!up.isEmpty()) {
            swarm.submit(up.get(chance.nextInt(up.size())), command, _ -> {});
        }
    }

    /// What a user may want of a service.
    private record Whim(String image, int replicas, boolean publishes, boolean isPicky, String afterFailure) {
        static final Whim NONE = new Whim("web:9", 2, false, false, "continue");
    }

    private Whim whim() {
        String afterFailure = List.of("continue", "pause", "rollback").get(chance.nextInt(3));
        return new Whim(image(), chance.nextInt(6), chance.nextBoolean(), chance.nextInt(4) == 0, afterFailure);
    }

    private static ServiceSpec spec(String name, Whim whim) {
        String order = name.startsWith("first") ? "start-first" : "stop-first";
        String mode = name.contains("global")
                ? "{\"Global\": {}}"
                : "{\"Replicated\": {\"Replicas\": %d}}".formatted(whim.replicas());
        String constraints = whim.isPicky() ? "\"node.labels.disk==ssd\"" : "";
        String ports = whim.publishes() ? "{\"TargetPort\": 80}" : "";
        String json = """
                {"Name": "%s", "Mode": %s,
                 "TaskTemplate": {"ContainerSpec": {"Image": "%s"}, "Placement": {"Constraints": [%s]}},
                 "UpdateConfig": {"Parallelism": 2, "Order": "%s", "FailureAction": "%s", "Monitor": 1000000000},
                 "EndpointSpec": {"Ports": [%s]}}
                """.formatted(name, mode, whim.image(), constraints, order, whim.afterFailure(), ports);
        return Codec.JSON.read(json.getBytes(StandardCharsets.UTF_8), ServiceSpec.class);
    }

    private Machine machine() {
        List<Machine> machines = swarm.machines();
        return machines.get(chance.nextInt(machines.size()));
    }

    private void befall() {
        Machine machine = machine();
        switch (chance.nextInt(12)) {
            case 0, 1 -> {
                tell("crash " + machine);
                swarm.crash(machine);
            }
            case 2, 3, 4 -> {
                tell("restart " + machine);
                swarm.restart(machine);
            }
            case 5 -> {
                tell("cut off " + machine);
                swarm.partition(List.of(List.of(machine, machine())));
            }
            case 6 -> {
                tell("heal");
                swarm.heal();
            }
            case 7 -> {
                tell("bad network");
                swarm.ether().disturb(chance.nextLong(5, 800), chance.nextInt(30));
            }
            case 8 -> {
                tell("slow disk on " + machine);
                machine.slowDown(1 + chance.nextInt(40));
            }
            case 9 -> {
                Machine whose =
                        chance.nextBoolean() ? machine : swarm.machine("leader").orElse(machine);
                long most = chance.nextBoolean() ? LARGE_SKEW_MILLIS : SMALL_SKEW_MILLIS;
                Duration off = Duration.ofMillis(chance.nextLong(-most, most));
                tell("clock of %s off by %s".formatted(whose, off));
                whose.misadjust(off);
            }
            case 10 -> {
                tell("another leader");
                swarm.log().transfer();
            }
            default -> imagesAndProcesses();
        }
    }

    private void imagesAndProcesses() {
        swarm.images().say("bad", new Images.Fate.Exits(chance.nextInt(3), Duration.ofMillis(chance.nextInt(4_000))));
        swarm.images().say("gone", new Images.Fate.Refused("No such image"));
        Duration well = Duration.ofMillis(chance.nextInt(6_000));
        Optional<Duration> ill =
                chance.nextBoolean() ? Optional.of(Duration.ofMillis(chance.nextInt(20_000))) : Optional.empty();
        swarm.images().say("api", new Images.Fate.Checked(Optional.of(well), ill));
        List<Task> running = swarm.view().tasks().all().stream()
                .filter(task -> swarm.running().contains(task.id()))
                .toList();
        if (!running.isEmpty()) {
            Task task = running.get(chance.nextInt(running.size()));
            tell("kill a task of service " + task.serviceId());
            swarm.kill(task);
        }
    }
}
