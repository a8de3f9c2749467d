package io.panal.cli.service;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Durations;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Values;
import io.panal.cli.json.Tree;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The settings of a service's spec that have one value, which `create` and `update` set alike.
///
/// @param tree the spec as the API writes it
record Spec(Tree tree) {
    Tree task() {
        return tree.make("TaskTemplate");
    }

    Tree container() {
        return tree.make("TaskTemplate.ContainerSpec");
    }

    Tree placement() {
        return tree.make("TaskTemplate.Placement");
    }

    /// Sets every setting an option was given for.
    void set(Arguments given) throws Failure {
        process(given);
        resources(given);
        policies(given);
        health(given);
        logs(given);
        if (given.has("replicas-max-per-node")) {
            put(placement(), "MaxReplicas", whole(given, "replicas-max-per-node"));
        }
        if (given.has("endpoint-mode")) {
            tree.make("EndpointSpec").put("Mode", given.text("endpoint-mode").toLowerCase(Locale.ROOT));
        }
    }

    private void process(Arguments given) throws Failure {
        Tree container = container();
        text(given, "hostname", container, "Hostname");
        text(given, "workdir", container, "Dir");
        text(given, "user", container, "User");
        text(given, "stop-signal", container, "StopSignal");
        text(given, "isolation", container, "Isolation");
        truth(given, "tty", container, "TTY");
        truth(given, "read-only", container, "ReadOnly");
        if (given.has("init")) {
            container.put("Init", given.isOn("init"));
        }
        if (given.has("entrypoint")) {
            put(container, "Command", ShellWords.split(given.text("entrypoint")));
        }
        if (given.has("stop-grace-period")) {
            container.put("StopGracePeriod", duration(given, "stop-grace-period"));
        }
        if (given.has("oom-score-adj")) {
            put(container, "OomScoreAdj", whole(given, "oom-score-adj"));
        }
        if (given.has("credential-spec")) {
            container.make("Privileges").put("CredentialSpec", credentials(given.text("credential-spec")));
        }
    }

    private static Tree credentials(String value) throws Failure {
        Tree spec = Tree.empty();
        int scheme = value.indexOf("://");
        String rest = value.substring(Math.max(0, scheme + 3));
        return switch (scheme < 0 ? "" : value.substring(0, scheme)) {
            case "config" -> spec.put("Config", rest);
            case "file" -> spec.put("File", rest);
            case "registry" -> spec.put("Registry", rest);
            default ->
                throw Failure.because("invalid credential spec: value must be prefixed with \"config://\", "
                        + "\"file://\", or \"registry://\"");
        };
    }

    private void resources(Arguments given) {
        for (String limit : List.of("limit-cpu", "limit-memory", "limit-pids")) {
            resource(given, limit, "Limits");
        }
        for (String reservation : List.of("reserve-cpu", "reserve-memory")) {
            resource(given, reservation, "Reservations");
        }
    }

    private void resource(Arguments given, String flag, String kind) {
        if (!given.has(flag)) {
            return;
        }
        Tree resources = task().make("Resources");
        resources.make("Limits");
        resources.make("Reservations");
        Tree bound = resources.make(kind);
        switch (flag.substring(flag.indexOf('-') + 1)) {
            case "cpu" ->
                put(
                        bound,
                        "NanoCPUs",
                        new BigDecimal(given.text(flag)).movePointRight(9).longValue());
            case "memory" -> put(bound, "MemoryBytes", Values.bytes(given.text(flag)));
            default -> put(bound, "Pids", whole(given, flag));
        }
    }

    private void policies(Arguments given) {
        if (anyOf(given, "restart-condition", "restart-delay", "restart-max-attempts", "restart-window")) {
            if (!task().has("RestartPolicy")) {
                task().put(
                                "RestartPolicy",
                                Tree.empty()
                                        .put("Condition", "any")
                                        .put("Delay", 5_000_000_000L)
                                        .put("MaxAttempts", 0L));
            }
            Tree policy = task().make("RestartPolicy");
            text(given, "restart-condition", policy, "Condition");
            span(given, "restart-delay", policy, "Delay");
            if (given.has("restart-max-attempts")) {
                policy.put("MaxAttempts", whole(given, "restart-max-attempts"));
            }
            span(given, "restart-window", policy, "Window");
        }
        change(given, "update", "UpdateConfig");
        change(given, "rollback", "RollbackConfig");
    }

    private void change(Arguments given, String prefix, String name) {
        boolean asked = false;
        for (String part : List.of("parallelism", "delay", "monitor", "failure-action", "max-failure-ratio", "order")) {
            asked |= given.has(prefix + "-" + part);
        }
        if (!asked) {
            return;
        }
        if (!tree.has(name)) {
            tree.put(
                    name,
                    Tree.empty()
                            .put("Parallelism", 1L)
                            .put("FailureAction", "pause")
                            .put("Monitor", 5_000_000_000L)
                            .put("MaxFailureRatio", 0L)
                            .put("Order", "stop-first"));
        }
        Tree change = tree.make(name);
        if (given.has(prefix + "-parallelism")) {
            change.put("Parallelism", whole(given, prefix + "-parallelism"));
        }
        span(given, prefix + "-delay", change, "Delay");
        text(given, prefix + "-failure-action", change, "FailureAction");
        span(given, prefix + "-monitor", change, "Monitor");
        if (given.has(prefix + "-max-failure-ratio")) {
            change.put("MaxFailureRatio", Double.valueOf(given.text(prefix + "-max-failure-ratio")));
        }
        text(given, prefix + "-order", change, "Order");
    }

    private void health(Arguments given) throws Failure {
        boolean settings = anyOf(
                given,
                "health-cmd",
                "health-interval",
                "health-timeout",
                "health-retries",
                "health-start-period",
                "health-start-interval");
        if (given.isOn("no-healthcheck")) {
            if (settings) {
                throw Failure.because("--no-healthcheck conflicts with --health-* options");
            }
            container().put("Healthcheck", Tree.empty().put("Test", List.of("NONE")));
            return;
        }
        if (!settings) {
            return;
        }
        Tree check = container().make("Healthcheck");
        if (check.texts("Test").contains("NONE")) {
            check.map().remove("Test");
        }
        if (given.has("health-cmd")) {
            String command = given.text("health-cmd");
            put(check, "Test", command.isEmpty() ? List.of() : List.of("CMD-SHELL", command));
        }
        span(given, "health-interval", check, "Interval");
        span(given, "health-timeout", check, "Timeout");
        span(given, "health-start-period", check, "StartPeriod");
        span(given, "health-start-interval", check, "StartInterval");
        if (given.has("health-retries")) {
            put(check, "Retries", whole(given, "health-retries"));
        }
    }

    private void logs(Arguments given) {
        if (given.has("log-driver") && !given.text("log-driver").isEmpty()) {
            Tree driver = Tree.empty().put("Name", given.text("log-driver"));
            put(driver, "Options", KeyValues.map(given.all("log-opt")));
            task().put("LogDriver", driver);
        }
    }

    private static boolean anyOf(Arguments given, String... flags) {
        for (String flag : flags) {
            if (given.has(flag)) {
                return true;
            }
        }
        return false;
    }

    private static long whole(Arguments given, String flag) {
        return Long.parseLong(given.text(flag));
    }

    private static long duration(Arguments given, String flag) {
        return Durations.nanoseconds(given.text(flag));
    }

    private static void text(Arguments given, String flag, Tree holder, String name) {
        if (given.has(flag)) {
            put(holder, name, given.text(flag));
        }
    }

    private static void truth(Arguments given, String flag, Tree holder, String name) {
        if (given.has(flag)) {
            put(holder, name, given.isOn(flag));
        }
    }

    private static void span(Arguments given, String flag, Tree holder, String name) {
        if (given.has(flag)) {
            put(holder, name, duration(given, flag));
        }
    }

    /// Puts a value, or takes the member away when the value is empty, since the API leaves empty members out.
    static void put(Tree holder, String name, Object value) {
        boolean empty = switch (value) {
            case String text -> text.isEmpty();
            case List<?> list -> list.isEmpty();
            case Map<?, ?> map -> map.isEmpty();
            case Long number -> number == 0;
            case Boolean truth -> !truth;
            default -> false;
        };
        if (empty) {
            holder.map().remove(name);
        } else {
            holder.put(name, value);
        }
    }

    /// Puts a list of objects, or takes the member away when there are none.
    static void putAll(Tree holder, String name, List<Tree> trees) {
        put(holder, name, Ports.json(trees));
    }
}
