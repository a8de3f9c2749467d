package io.panal.node.engine;

import io.panal.node.containers.Container;
import io.panal.node.containers.ContainerState;
import io.panal.node.containers.Containers;
import io.panal.node.http.Refusal;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Starts containers again that are to go on: `docker run --restart`.
///
/// The waits are dockerd's: a tenth of a second, twice as long each time up to a minute, from the beginning again after
/// ten seconds in which it ran. A start that is refused, as while containerd starts again or a port is taken, is tried
/// again with the same waits.
final class Restarts {
    private static final Logger LOG = System.getLogger(Restarts.class.getName());
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
            turns.put(container.id(), last.begun());
            return;
        }
        boolean steady = Duration.between(ended.startedAt(), ended.finishedAt()).compareTo(STEADY) >= 0;
        await(container.id(), last.next(steady));
    }

    private void await(String id, RestartTurns.Turn turn) {
        turns.put(id, turn);
        Thread.ofVirtual().name("restart-" + id).start(() -> start(id, turn));
    }

    /// Until it has begun, or is not to.
    private void start(String id, RestartTurns.Turn first) {
        try {
            Optional<RestartTurns.Turn> turn = Optional.of(first);
            while (turn.isPresent()) {
                Thread.sleep(turn.get().pause());
                turn = turns.begin(id, turn.get()).flatMap(begun -> attempt(id, begun));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return the next, when this one was refused
    private Optional<RestartTurns.Turn> attempt(String id, RestartTurns.Turn begun) {
        try {
            var container = containers.find(id);
            if (container.isPresent()) {
                boolean _ = starts.start(container.get());
            }
            return Optional.empty();
        } catch (IOException refused) {
            Optional<RestartTurns.Turn> next = isStillWanted(id, begun) ? turns.again(id, begun) : Optional.empty();
            String then = next.map(turn -> "next_in=" + turn.pause()).orElse("given_up");
            LOG.log(
                    Level.WARNING,
                    () -> "container not started again id=%s %s reason=%s".formatted(id, then, refused.getMessage()));
            return next;
        }
    }

    private boolean isStillWanted(String id, RestartTurns.Turn begun) {
        return containers
                .find(id)
                .filter(container -> container.state() instanceof ContainerState.Exited ended
                        && isWanted(container, ended, begun.count()))
                .isPresent();
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
                await(container.id(), RestartTurns.Turn.AT_ONCE);
            }
        }
    }
}
