package io.panal.simulator;

import io.panal.core.agent.Assignments;
import io.panal.core.agent.Downward;
import io.panal.core.agent.LastOrders;
import io.panal.core.agent.Upward;
import io.panal.core.codec.Codec;
import java.time.Duration;
import java.time.Instant;

/// One connection of an agent to the leader: what arrives, arrives in order; it may break at any time.
final class Link {
    private final World world;
    private final Ether ether;
    private final AgentSeat agent;
    private final ManagerSeat manager;
    private final int agentLife;
    private final int managerLife;
    private final LastOrders told = new LastOrders();
    private final LastOrders heard = new LastOrders();
    private String session = "";
    private Instant lastUp = Instant.EPOCH;
    private Instant lastDown = Instant.EPOCH;
    private boolean isOpen = true;
    private boolean isDoomed;

    Link(World world, Ether ether, AgentSeat agent, ManagerSeat manager) {
        this.world = world;
        this.ether = ether;
        this.agent = agent;
        this.manager = manager;
        this.agentLife = agent.machine().life();
        this.managerLife = manager.machine().life();
    }

    AgentSeat agent() {
        return agent;
    }

    ManagerSeat manager() {
        return manager;
    }

    String session() {
        return session;
    }

    void named(String given) {
        session = given;
    }

    void up(Upward message) {
        byte[] bytes = Codec.BINARY.write(message);
        Instant arrival = arrival(lastUp);
        lastUp = arrival;
        carry(arrival, () -> manager.said(this, Codec.BINARY.read(bytes, Upward.class)));
    }

    void down(Downward message) {
        byte[] bytes = Codec.BINARY.write(message);
        Instant arrival = arrival(lastDown);
        lastDown = arrival;
        carry(arrival, () -> agent.told(this, Codec.BINARY.read(bytes, Downward.class)));
    }

    void order(Assignments assignments) {
        down(told.told(session, assignments));
    }

    LastOrders heard() {
        return heard;
    }

    private Instant arrival(Instant after) {
        Instant soonest = world.now().plus(ether.delay());
        return soonest.isAfter(after) ? soonest : after;
    }

    private void carry(Instant arrival, Runnable heard) {
        if (isOpen && ether.loses()) {
            cut();
        }
        world.after(Duration.between(world.now(), arrival), () -> {
            if (isOpen && !isDoomed && isWhole()) {
                heard.run();
            } else {
                cut();
            }
        });
    }

    private boolean isWhole() {
        return ether.reaches(agent.machine(), manager.machine()) && isAgentThere() && isManagerThere();
    }

    private boolean isAgentThere() {
        return agent.machine().isInLife(agentLife);
    }

    private boolean isManagerThere() {
        return manager.machine().isInLife(managerLife);
    }

    /// One side hangs up: the other hears of it soon.
    void close() {
        if (isOpen) {
            isOpen = false;
            world.after(ether.delay(), this::tellBoth);
        }
    }

    /// Nothing passes any more; each side finds out in its own time.
    void cut() {
        if (isOpen && !isDoomed) {
            isDoomed = true;
            world.after(world.between(100, 8_000), () -> {
                isOpen = false;
                tellBoth();
            });
        }
    }

    private void tellBoth() {
        if (isAgentThere()) {
            agent.ended(this);
        }
        if (isManagerThere()) {
            manager.ended(this);
        }
    }
}
