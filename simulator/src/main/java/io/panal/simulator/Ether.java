package io.panal.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What is between the machines: who reaches whom, and how long it takes.
final class Ether {
    private static final long SHORTEST_MILLIS = 1;
    private static final long USUAL_MILLIS = 4;

    private final World world;
    private final List<List<Machine>> islands = new ArrayList<>();
    private long longestMillis = USUAL_MILLIS;
    private int lossPerMille;

    Ether(World world) {
        this.world = world;
    }

    /// Whoever is on no island is on the mainland.
    void partition(List<List<Machine>> parts) {
        islands.clear();
        parts.forEach(part -> islands.add(List.copyOf(part)));
    }

    void heal() {
        islands.clear();
        disturb(USUAL_MILLIS, 0);
    }

    void disturb(long longest, int loss) {
        longestMillis = longest;
        lossPerMille = loss;
    }

    boolean reaches(Machine one, Machine other) {
        return one.isUp() && other.isUp() && (one.equals(other) || island(one) == island(other));
    }

    private int island(Machine machine) {
        for (int i = 0; i < islands.size(); i++) {
            if (islands.get(i).contains(machine)) {
                return i;
            }
        }
        return -1;
    }

    Duration delay() {
        return world.between(SHORTEST_MILLIS, longestMillis);
    }

    /// Whether what is sent now does not arrive.
    boolean loses() {
        return world.happens(lossPerMille);
    }
}
