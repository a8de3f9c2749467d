package io.panal.node.engine;

import io.panal.node.containers.Container;
import io.panal.node.containers.ContainerState;
import io.panal.node.containers.Containers;
import io.panal.node.http.Refusal;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/// Starts containers again that are to go on: `docker run --restart`.
///
/// The waits are dockerd's: a tenth of a second, twice as long each time up to a minute, from the beginning again after
/// ten seconds in which it ran.
final class Restarts {
    private static final Logger LOG = System.getLogger(Restarts.class.getName());
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration STEADY = Duration.ofSeconds(10);

    private final Containers containers;
    private final ContainerStarts starts;
    private final RestartTurns turns;

    Restarts(Containers containers, ContainerStarts starts, RestartTurns turns) {
        this.containers = containers;
        this.starts = starts;
        this.turns = turns;
    }

    /// @throws Refusal as dockerd says it
    static void check(JsonNode policy) throws Refusal {
        String name = policy.path("Name").asString("");
        int most = policy.path("MaximumRetryCount").asInt(0);
        switch (name) {
            case "", "no", "always", "unless-stopped" -> {
                if (most != 0) {
                    throw new Refusal(
                            400, "maximum retry count cannot be used with restart policy '%s'".formatted(name));
                }
            }
            case "on-failure" -> {
                if (most < 0) {
                    throw new Refusal(400, "maximum retry count cannot be negative");
                }
            }
            default -> throw new Refusal(400, "invalid restart policy '%s'".formatted(name));
        }
    }

    private static boolean isWanted(Container container, ContainerState.Exited ended, int count) {
        JsonNode policy = ContainerDetails.of(container).hostConfig().path("RestartPolicy");
        int most = policy.path("MaximumRetryCount").asInt(0);
        return switch (policy.path("Name").asString("")) {
            case "always", "unless-stopped" -> true;
            case "on-failure" -> ended.code() != 0 && (most == 0 || count < most);
            default -> false;
        };
    }

    /// One ended; if it is to go on, it is started again after a while.
    void ended(Container container) {
        if (!(container.state() instanceof ContainerState.Exited ended)) {
            return;
        }
        RestartTurns.Turn last = turns.of(container.id());
        if (ended.asked() || !isWanted(container, ended, last.count())) {
            turns.put(container.id(), new RestartTurns.Turn(last.pause(), last.count(), false));
            return;
        }
        boolean steady = Duration.between(ended.startedAt(), ended.finishedAt()).compareTo(STEADY) >= 0;
        Duration wait = steady || last.pause().isZero() ? FIRST : last.pause().multipliedBy(2);
        RestartTurns.Turn turn =
                new RestartTurns.Turn(wait.compareTo(LONGEST) > 0 ? LONGEST : wait, last.count() + 1, true);
        turns.put(container.id(), turn);
        Thread.ofVirtual().name("restart-" + container.id()).start(() -> again(container.id(), turn));
    }

    private void again(String id, RestartTurns.Turn turn) {
        try {
            Thread.sleep(turn.pause());
            // Whoever stops, starts or removes it in the meantime takes its turn away.
            if (turns.end(id, turn)) {
                start(id);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void start(String id) {
        try {
            var container = containers.find(id);
            if (container.isPresent()) {
                boolean _ = starts.start(container.get());
            }
        } catch (IOException refused) {
            LOG.log(Level.WARNING, "container not started again id=" + id, refused);
        }
    }

    /// Starts those that are to run whenever the daemon does.
    void resume() {
        for (Container container : containers.list()) {
            String policy = ContainerDetails.of(container)
                    .hostConfig()
                    .path("RestartPolicy")
                    .path("Name")
                    .asString("");
            boolean wanted = container.state() instanceof ContainerState.Exited ended
                    && (policy.equals("always") || (!ended.asked() && isWanted(container, ended, 0)));
            if (wanted) {
                Thread.ofVirtual().name("restart-" + container.id()).start(() -> start(container.id()));
            }
        }
    }
}
