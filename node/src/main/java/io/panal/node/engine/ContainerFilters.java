package io.panal.node.engine;

import io.panal.core.api.Filters;
import io.panal.core.api.Query;
import io.panal.node.containers.Container;
import io.panal.node.containers.ContainerState;
import io.panal.node.containers.MountPlan;
import io.panal.node.http.Refusal;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// The filters of `docker ps`.
final class ContainerFilters {
    /// By which a task's container is known.
    static final String TASK_LABEL = "com.docker.swarm.task.id";

    private static final List<String> ACCEPTED = List.of(
            "ancestor",
            "before",
            "exited",
            "expose",
            "health",
            "id",
            "is-task",
            "isolation",
            "label",
            "name",
            "network",
            "publish",
            "since",
            "status",
            "volume");
    private static final List<String> STATUSES =
            List.of("created", "dead", "exited", "paused", "removing", "restarting", "running");

    private ContainerFilters() {}

    static Filters of(Query query) throws Refusal {
        Filters filters = Filters.of(query, ACCEPTED);
        for (String status : filters.all("status")) {
            if (!STATUSES.contains(status)) {
                throw new Refusal(
                        400,
                        "invalid filter 'status=%s': invalid value for state (%s): must be one of %s"
                                .formatted(status, status, String.join(", ", STATUSES)));
            }
        }
        return filters;
    }

    /// Whether the filters speak of containers that do not run.
    static boolean wantsEnded(Filters filters) {
        return !filters.all("status").isEmpty() || !filters.all("exited").isEmpty();
    }

    static boolean fits(Container container, Filters filters) {
        var labels = container.plan().labels();
        return filters.prefix("id", container.id())
                && named(container.plan().name(), filters.all("name"))
                && filters.labels("label", labels)
                && filters.exact("status", ContainerPortraits.status(container.state()))
                && filters.exact(
                        "health",
                        container.health().map(own -> own.status().word()).orElse("none"))
                && exited(container.state(), filters)
                && ancestor(container, filters)
                && filters.exact("is-task", String.valueOf(labels.containsKey(TASK_LABEL)))
                && mounted(container, filters)
                && networked(container, filters);
    }

    /// Docker takes a name as a regular expression that is found in `/name`.
    private static boolean named(String name, List<String> wanted) {
        return wanted.isEmpty() || wanted.stream().anyMatch(text -> found(text, name));
    }

    private static boolean found(String text, String name) {
        try {
            Pattern pattern = Pattern.compile(text);
            return pattern.matcher("/" + name).find() || pattern.matcher(name).find();
        } catch (PatternSyntaxException plainText) {
            return name.contains(text);
        }
    }

    private static boolean exited(ContainerState state, Filters filters) {
        return filters.all("exited").isEmpty()
                || (state instanceof ContainerState.Exited ended
                        && filters.exact("exited", String.valueOf(ended.code())));
    }

    private static boolean ancestor(Container container, Filters filters) {
        String familiar = ContainerDetails.image(container);
        return filters.all("ancestor").isEmpty()
                || filters.exact("ancestor", familiar)
                || filters.exact("ancestor", familiar.replaceFirst("@.*$", ""))
                || filters.exact("ancestor", familiar.replaceFirst("[:@][^/]*$", ""))
                || filters.exact("ancestor", container.plan().image());
    }

    private static boolean mounted(Container container, Filters filters) {
        return filters.all("volume").isEmpty()
                || container.plan().mounts().stream()
                        .anyMatch(mount -> filters.exact("volume", mount.target())
                                || (mount instanceof MountPlan.Volume volume
                                        && filters.exact("volume", Volumes.nameOf(Path.of(volume.source())))));
    }

    private static boolean networked(Container container, Filters filters) {
        ContainerDetails details = ContainerDetails.of(container);
        String mode = details.networkMode();
        return details.endpoints().isEmpty()
                ? filters.exact("network", mode.equals("default") ? "bridge" : mode)
                : details.endpoints().stream().anyMatch(own -> filters.exact("network", own.network()));
    }
}
