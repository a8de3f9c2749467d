package io.panal.node.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RoomTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void aStartGoesBeforeCreationsThatHaveWaitedLonger() throws Exception {
        Room room = new Room(1);
        room.enter();
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<Thread> waiting = new ArrayList<>();
        for (int each = 0; each < 3; each++) {
            waiting.add(waiting(() -> {
                room.enter();
                order.add("creation");
                room.leave();
            }));
        }
        waiting.add(waiting(() -> {
            room.enterFirst();
            order.add("start");
            room.leave();
        }));
        room.leave();
        for (Thread each : waiting) {
            each.join(PATIENCE);
        }
        assertThat(order).containsExactly("start", "creation", "creation", "creation");
    }

    @Test
    void noMoreAreInItThanItHasPlacesAndAllGetOne() throws Exception {
        Room room = new Room(3);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        List<Thread> all = new ArrayList<>();
        for (int each = 0; each < 200; each++) {
            boolean first = each % 2 == 0;
            all.add(Thread.ofVirtual()
                    .start(() -> quietly(() -> {
                        if (first) {
                            room.enterFirst();
                        } else {
                            room.enter();
                        }
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        Thread.yield();
                        inside.decrementAndGet();
                        room.leave();
                        done.incrementAndGet();
                    })));
        }
        for (Thread each : all) {
            each.join(PATIENCE);
        }
        assertThat(done).hasValue(200);
        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void whoIsInterruptedWhileItWaitsKeepsNobodyOut() throws Exception {
        Room room = new Room(1);
        room.enter();
        Thread start = waiting(() -> {
            room.enterFirst();
            room.leave();
        });
        AtomicInteger entered = new AtomicInteger();
        Thread creation = waiting(() -> {
            room.enter();
            entered.incrementAndGet();
            room.leave();
        });
        start.interrupt();
        start.join(PATIENCE);
        room.leave();
        creation.join(PATIENCE);
        assertThat(entered).hasValue(1);
    }

    private interface Piece {
        void run() throws InterruptedException;
    }

    private static void quietly(Piece piece) {
        try {
            piece.run();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// A thread that waits already.
    private static Thread waiting(Piece piece) throws InterruptedException {
        Thread thread = Thread.ofPlatform().daemon().start(() -> quietly(piece));
        Instant deadline = Instant.now().plus(PATIENCE);
        while (thread.getState() != Thread.State.WAITING) {
            assertThat(Instant.now()).isBefore(deadline);
            Thread.onSpinWait();
        }
        return thread;
    }
}
