package io.panal.simulator;

import io.panal.core.manager.turn.Names;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.TaskSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// A host of the simulated cluster, with the daemon that runs on it.
public final class Machine {
    private static final long CORES = 4_000_000_000L;
    private static final long MEMORY = 8L << 30;

    private final World world;
    private final String name;
    private final String address;
    private final Id<Node> id;
    private Duration skew = Duration.ZERO;
    private int life = 1;
    private boolean isUp = true;
    private int slowness = 1;

    Machine(World world, String name, String address) {
        this.world = world;
        this.name = name;
        this.address = address;
        this.id = new Names(name.hashCode()).next();
    }

    public String name() {
        return name;
    }

    String address() {
        return address;
    }

    public Id<Node> id() {
        return id;
    }

    public boolean isUp() {
        return isUp;
    }

    /// What its clock shows.
    Instant clock() {
        return world.now().plus(skew);
    }

    Duration skew() {
        return skew;
    }

    void misadjust(Duration by) {
        skew = by;
    }

    /// How much slower than usual its disk is: 1 is as usual.
    int slowness() {
        return slowness;
    }

    void slowDown(int factor) {
        slowness = factor;
    }

    /// Which life of the daemon this is: what a former one began is nobody's.
    int life() {
        return life;
    }

    boolean isInLife(int number) {
        return isUp && life == number;
    }

    void die() {
        isUp = false;
        life++;
    }

    void rise() {
        isUp = true;
    }

    Node.Description description() {
        return new Node.Description(
                name,
                new TaskSpec.Platform("x86_64", "linux"),
                new TaskSpec.Resources(CORES, MEMORY, List.of()),
                new Node.Engine("0.1.0", Map.of(), List.of(new Node.Plugin("Network", "overlay"))),
                new Node.TlsInfo("", "", ""),
                List.of());
    }

    @Override
    public String toString() {
        return name;
    }
}
