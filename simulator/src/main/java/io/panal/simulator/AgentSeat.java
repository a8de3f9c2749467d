package io.panal.simulator;

import io.panal.core.agent.Agent;
import io.panal.core.agent.AgentEffect;
import io.panal.core.agent.AgentEvent;
import io.panal.core.agent.Assignments;
import io.panal.core.agent.Downward;
import io.panal.core.agent.Upward;
import io.panal.core.model.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// A machine as one that runs tasks: its agent, its containers, its voice towards the leader.
final class AgentSeat {
    private static final Duration FIRST_BEAT = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofMillis(1);

    private final World world;
    private final Ether ether;
    private final Machine machine;
    private final Containers containers;
    private final Supplier<List<ManagerSeat>> managers;
    private Agent agent = new Agent();
    private Optional<Link> link = Optional.empty();
    private Duration period = FIRST_BEAT;
    private boolean isLooking;
    private Node.TlsInfo tls = new Node.TlsInfo("", "", "");
    private long wakings;
    private Duration skew = Duration.ZERO;

    /// @param managers those that it may look for
    AgentSeat(World world, Ether ether, Machine machine, Images images, Supplier<List<ManagerSeat>> managers) {
        this.world = world;
        this.ether = ether;
        this.machine = machine;
        this.managers = managers;
        this.containers = new Containers(world, machine, images, this::hear);
    }

    Machine machine() {
        return machine;
    }

    Containers containers() {
        return containers;
    }

    Optional<Link> link() {
        return link;
    }

    /// Looks at what is on the host, then looks for a manager.
    void rise() {
        hear(new AgentEvent.Found(containers.found()));
        look();
    }

    void die() {
        agent = new Agent();
        link.ifPresent(Link::cut);
        link = Optional.empty();
        isLooking = false;
    }

    private void look() {
        if (link.isPresent() || isLooking) {
            return;
        }
        isLooking = true;
        inThisLife(world.between(20, 400), () -> {
            isLooking = false;
            List<ManagerSeat> known = managers.get();
            Optional<ManagerSeat> leader = known.isEmpty()
                    ? Optional.empty()
                    : leaderBy(known.get(world.chance().nextInt(known.size())));
            leader.ifPresentOrElse(this::dial, this::look);
        });
    }

    /// Who leads, as the manager that was asked knows it.
    private Optional<ManagerSeat> leaderBy(ManagerSeat asked) {
        return ether.reaches(machine, asked.machine())
                ? Swarm.leaderAsSeenBy(asked, managers.get(), ether)
                : Optional.empty();
    }

    private void dial(ManagerSeat manager) {
        if (!ether.reaches(machine, manager.machine())) {
            look();
            return;
        }
        Link opened = new Link(world, ether, this, manager);
        link = Optional.of(opened);
        Optional<ManagerSeat> own = managers.get().stream()
                .filter(seat -> seat.machine().equals(machine))
                .findFirst();
        opened.up(new Upward.Hello(
                description(),
                machine.address(),
                own.map(ManagerSeat::managerAddress).orElse("")));
        beat(opened);
    }

    private void beat(Link on) {
        inThisLife(period, () -> {
            if (link.filter(on::equals).isPresent()) {
                on.up(new Upward.Beat());
                beat(on);
            }
        });
    }

    private void inThisLife(Duration delay, Runnable deed) {
        int life = machine.life();
        world.after(delay, () -> {
            if (machine.isInLife(life)) {
                deed.run();
            }
        });
    }

    void told(Link by, Downward message) {
        if (link.filter(by::equals).isEmpty()) {
            return;
        }
        switch (message) {
            case Downward.Welcome(String session) -> hear(new AgentEvent.SessionOpened(session));
            case Downward.Orders whole -> ordered(whole.session(), by.heard().heard(whole));
            case Downward.Changes news -> ordered(news.session(), by.heard().heard(news));
            case Downward.Released _, Downward.Hosted _ -> {}
        }
    }

    private void ordered(String session, Assignments assignments) {
        period = assignments.heartbeat();
        hear(new AgentEvent.Ordered(session, assignments));
        follow(assignments.trust());
    }

    /// Has another certificate from now on, or believes another root, and says so in a new session.
    private void follow(Assignments.Trust wanted) {
        boolean isOthers = !wanted.issuer().equals(tls.certIssuerPublicKey());
        Node.TlsInfo next =
                new Node.TlsInfo(isOthers ? tls.trustRoot() : wanted.roots(), SimulatedKeys.SUBJECT, wanted.issuer());
        if (!wanted.issuer().isEmpty() && !next.equals(tls)) {
            tls = next;
            link.ifPresent(Link::cut);
            link = Optional.empty();
            look();
        }
    }

    private Node.Description description() {
        Node.Description host = machine.description();
        return host.certified(tls);
    }

    void ended(Link which) {
        if (link.filter(which::equals).isPresent()) {
            link = Optional.empty();
            look();
        }
    }

    private void hear(AgentEvent event) {
        Duration jump = machine.skew().minus(skew);
        skew = machine.skew();
        if (!jump.isZero()) {
            agent.on(new AgentEvent.ClockJumped(jump), machine.clock()).forEach(this::perform);
        }
        agent.on(event, machine.clock()).forEach(this::perform);
        wakings++;
        long waking = wakings;
        agent.wakeAt()
                .ifPresent(at -> inThisLife(delayTo(at), () -> {
                    if (waking == wakings) {
                        hear(new AgentEvent.Woken());
                    }
                }));
    }

    private void perform(AgentEffect effect) {
        switch (effect) {
            case AgentEffect.Tell(String _, var reports) ->
                link.ifPresent(open -> {
                    world.stir();
                    open.up(new Upward.Reports(reports));
                });
            case AgentEffect.Acknowledge(String _, long generation) ->
                link.ifPresent(open -> open.up(new Upward.Connected(generation)));
            case AgentEffect.Connect _,
                    AgentEffect.Prepare _,
                    AgentEffect.Start _,
                    AgentEffect.Stop _,
                    AgentEffect.Remove _ -> containers.perform(effect);
        }
    }

    private Duration delayTo(Instant at) {
        Duration left = Duration.between(machine.clock(), at);
        return left.compareTo(SOON) < 0 ? SOON : left;
    }
}
