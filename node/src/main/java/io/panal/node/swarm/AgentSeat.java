package io.panal.node.swarm;

import static java.lang.System.Logger.Level.INFO;

import io.panal.core.agent.Agent;
import io.panal.core.agent.AgentEffect;
import io.panal.core.agent.AgentEvent;
import io.panal.core.agent.Assignments;
import io.panal.core.agent.Downward;
import io.panal.core.agent.LastOrders;
import io.panal.core.agent.Report;
import io.panal.core.agent.Upward;
import io.panal.core.codec.Codec;
import io.panal.core.model.Guest;
import io.panal.core.model.Id;
import io.panal.node.actor.ActorLoop;
import io.panal.node.identity.Identity;
import io.panal.node.link.ByteStream;
import io.panal.node.link.NodeLink;
import io.panal.node.link.NodeServices;
import io.panal.node.networks.Guests;
import io.panal.node.work.TaskWork;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// This node as one that runs tasks: its agent, its work on the host, its voice towards the leader.
public final class AgentSeat implements NodeServices, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(AgentSeat.class.getName());
    private static final Duration FIRST_BEAT = Duration.ofSeconds(5);

    private final Supplier<Upward.Hello> hello;
    private final Consumer<Assignments> orders;
    private final Guests guests;
    private final Streams streams;
    private final ActorLoop<AgentEvent, AgentEffect> loop;
    private final TaskWork work;
    private final NodeLink link;
    private final CountDownLatch ordered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final BlockingQueue<Upward> sayings = new LinkedBlockingQueue<>();
    private final Thread mouth = Thread.ofVirtual().name("agent-mouth").unstarted(this::speak);
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("heart").daemon().factory());
    /// Of the open session; messages come one after the other.
    private LastOrders last = new LastOrders();
    private volatile Duration period = FIRST_BEAT;
    private volatile ScheduledFuture<?> beat = heart.schedule(() -> {}, 0, TimeUnit.NANOSECONDS);

    /// Answers a stream that a manager opens to this node.
    @FunctionalInterface
    public interface Streams {
        void opened(String kind, byte[] request, ByteStream stream) throws IOException, InterruptedException;
    }

    /// @param work makes what does the work, for the consumer of its outcomes
    /// @param guests this host's containers of no service
    /// @param orders sees each set of orders, for the managers' addresses and the node's role
    /// @param broken is told why the agent cannot go on
    public record Parts(
            Supplier<Upward.Hello> hello,
            Function<Consumer<AgentEvent>, TaskWork> work,
            Guests guests,
            Consumer<Assignments> orders,
            Streams streams,
            Consumer<String> broken) {}

    /// @param managers those known at the moment, host:port
    /// @param way where one of them is dialled from here
    public AgentSeat(Parts parts, Identity identity, Supplier<List<String>> managers, UnaryOperator<String> way) {
        this.hello = parts.hello();
        this.orders = parts.orders();
        this.guests = parts.guests();
        this.streams = parts.streams();
        this.loop = new ActorLoop<>(
                "agent",
                new Agent(),
                new ActorLoop.Timekeeping<>(AgentEvent.Woken::new, AgentEvent.ClockJumped::new),
                this::perform,
                parts.broken());
        this.work = parts.work().apply(loop::tell);
        this.link = new NodeLink(identity, managers, way, this);
    }

    /// Looks at what is on the host, then looks for a manager.
    public AgentSeat start() throws IOException {
        work.report();
        guests.entered(new Guests.Leader() {
            @Override
            public Id<Guest> freshId() {
                return new Id<>(Ids.fresh());
            }

            @Override
            public void say(Upward word) {
                sayings.add(word);
            }
        });
        var _ = loop.start();
        mouth.start();
        link.start();
        return this;
    }

    /// Begins a new session, with a new greeting.
    void reconnect(String why) {
        link.reconnect(why);
    }

    public TaskWork work() {
        return work;
    }

    @Override
    public void connected(String manager) {
        LOG.log(INFO, () -> "manager found address=" + manager);
        sayings.clear();
        sayings.add(hello.get());
    }

    @Override
    public void disconnected(String why) {
        LOG.log(INFO, () -> "session over reason=" + why);
        beat.cancel(false);
    }

    @Override
    public void message(byte[] message) {
        switch (Codec.BINARY.read(message, Downward.class)) {
            case Downward.Welcome(String session) -> {
                last = new LastOrders();
                loop.tell(new AgentEvent.SessionOpened(session));
                keepBeating();
                guests.greeted();
            }
            case Downward.Orders whole -> ordered(whole.session(), last.heard(whole));
            case Downward.Changes news -> ordered(news.session(), last.heard(news));
            case Downward.Hosted hosted -> guests.answered(hosted);
            case Downward.Released _ -> released.countDown();
        }
    }

    private void ordered(String session, Assignments assignments) {
        if (!assignments.heartbeat().equals(period)) {
            period = assignments.heartbeat();
            keepBeating();
        }
        orders.accept(assignments);
        guests.ordered(assignments.network());
        loop.tell(new AgentEvent.Ordered(session, assignments));
        ordered.countDown();
    }

    @Override
    public void streamOpened(String kind, byte[] request, ByteStream stream) {
        try {
            streams.opened(kind, request, stream);
        } catch (IOException failed) {
            stream.abort(String.valueOf(failed.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void keepBeating() {
        beat.cancel(false);
        beat = heart.scheduleAtFixedRate(
                () -> sayings.add(new Upward.Beat()), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// What is said while no session is open is lost: a new session is told everything once more.
    private void speak() {
        try {
            while (true) {
                boolean _ = link.send(Codec.BINARY.write(sayings.take()));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void perform(AgentEffect effect) {
        switch (effect) {
            case AgentEffect.Tell(String _, List<Report> reports) -> sayings.add(new Upward.Reports(reports));
            case AgentEffect.Acknowledge(String _, long generation) -> sayings.add(new Upward.Connected(generation));
            case AgentEffect.Connect _,
                    AgentEffect.Prepare _,
                    AgentEffect.Start _,
                    AgentEffect.Stop _,
                    AgentEffect.Remove _ -> work.perform(effect);
        }
    }

    /// Waits until the leader, whose state then has this node as ready, has told it what to do.
    ///
    /// @return whether it has, in time
    boolean awaitOrders(Duration patience) throws InterruptedException {
        return ordered.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Says farewell and waits until it is in the log.
    ///
    /// @return whether it was, in time
    public boolean takeLeave(Duration patience) throws InterruptedException {
        return lastWord(new Upward.Farewell(), patience);
    }

    /// Says that this host goes down, and waits until it is in the log.
    ///
    /// @return whether it was, in time
    boolean part(Duration patience) throws InterruptedException {
        return lastWord(new Upward.Parting(), patience);
    }

    private boolean lastWord(Upward word, Duration patience) throws InterruptedException {
        sayings.add(word);
        return released.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// What runs on the host goes on.
    @Override
    public void close() {
        guests.left();
        heart.shutdownNow();
        mouth.interrupt();
        link.close();
        loop.close();
        work.close();
    }
}
