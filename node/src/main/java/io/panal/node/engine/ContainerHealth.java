package io.panal.node.engine;

import io.panal.core.codec.Codec;
import io.panal.node.containers.Container;
import io.panal.node.containers.Health;
import io.panal.node.containers.HealthPlan;
import io.panal.node.http.Refusal;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Health checks in the Engine API's words.
final class ContainerHealth {
    private static final long SHORTEST_NANOS = 1_000_000;

    private ContainerHealth() {}

    /// A client's `Healthcheck`; empty when it says nothing.
    static Optional<HealthPlan> wanted(JsonNode body) throws Refusal {
        if (!body.isObject()) {
            return Optional.empty();
        }
        int retries = body.path("Retries").asInt(0);
        if (retries < 0) {
            throw new Refusal(400, "Retries in Healthcheck cannot be negative");
        }
        return Optional.of(new HealthPlan(
                ContainerCreation.texts(body.path("Test")),
                span(body, "Interval"),
                span(body, "Timeout"),
                span(body, "StartPeriod"),
                span(body, "StartInterval"),
                retries));
    }

    private static Duration span(JsonNode body, String key) throws Refusal {
        long nanos = body.path(key).asLong(0);
        if (nanos != 0 && nanos < SHORTEST_NANOS) {
            throw new Refusal(400, key + " in Healthcheck cannot be less than 1ms");
        }
        return Duration.ofNanos(nanos);
    }

    /// What `docker ps` adds to the time it is up.
    static String suffix(Container container) {
        return container
                .health()
                .map(Health::status)
                .map(status -> switch (status) {
                    case STARTING -> " (health: starting)";
                    case HEALTHY, UNHEALTHY -> " (%s)".formatted(status.word());
                })
                .orElse("");
    }

    /// `State.Health`.
    static ObjectNode shown(Health health) {
        ObjectNode node = Replies.object();
        node.put("Status", health.status().word());
        node.put("FailingStreak", health.failingStreak());
        ArrayNode log = node.putArray("Log");
        for (Health.Probe probe : health.log()) {
            ObjectNode entry = log.addObject();
            entry.put("Start", probe.start().toString());
            entry.put("End", probe.end().toString());
            entry.put("ExitCode", probe.code());
            entry.put("Output", probe.output());
        }
        return node;
    }

    /// `Config.Healthcheck`.
    static ObjectNode shown(HealthPlan plan) {
        ObjectNode node = Replies.object();
        node.set("Test", Codec.JSON.tree(plan.test()));
        span(node, "Interval", plan.interval());
        span(node, "Timeout", plan.timeout());
        span(node, "StartPeriod", plan.startPeriod());
        span(node, "StartInterval", plan.startInterval());
        if (plan.retries() != 0) {
            node.put("Retries", plan.retries());
        }
        return node;
    }

    private static void span(ObjectNode node, String key, Duration span) {
        if (!span.isZero()) {
            node.put(key, span.toNanos());
        }
    }
}
