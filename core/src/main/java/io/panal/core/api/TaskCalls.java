package io.panal.core.api;

import io.panal.core.api.ApiResult.Answered;
import io.panal.core.manager.orchestrator.Outdated;
import io.panal.core.model.Id;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import io.panal.core.store.View;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// `/tasks`.
final class TaskCalls {
    private static final List<String> FILTERS =
            List.of("_up-to-date", "desired-state", "id", "label", "name", "node", "runtime", "service");
    private static final List<String> STATES =
            Arrays.stream(TaskState.values()).map(TaskState::word).toList();

    private TaskCalls() {}

    static ApiResult handle(Ask ask, List<String> path) {
        if (!ask.request().method().equals("GET") || path.size() > 2) {
            return ask.notMine();
        }
        return path.size() == 1
                ? list(ask)
                : Answered.json(200, Portraits.task(ask.view(), Lookup.task(ask.view(), path.get(1))));
    }

    private static Answered list(Ask ask) {
        Filters filters = identified(ask, Filters.of(ask.query(), FILTERS));
        for (String state : filters.all("desired-state")) {
            if (!STATES.contains(state)) {
                throw new ApiRefusal(400, "Invalid desired-state filter: '%s'".formatted(state));
            }
        }
        return Answered.json(
                200,
                Portraits.tasks(
                        ask.view(), candidates(ask.view(), filters).filter(task -> fits(ask.view(), task, filters))));
    }

    /// The client's progress display asks for one service's tasks five times a second: an index serves it.
    private static Stream<Task> candidates(View view, Filters filters) {
        return filters.all("service").isEmpty()
                ? view.tasks().all().stream()
                : filters.all("service").stream().distinct().flatMap(id -> view.tasksOf(new Id<>(id)).stream());
    }

    /// Services and nodes may be called by name; the filter is about ids.
    private static Filters identified(Ask ask, Filters filters) {
        Map<String, List<String>> values = new TreeMap<>(filters.values());
        values.computeIfPresent(
                "service",
                (_, names) -> names.stream()
                        .map(name -> Lookup.service(ask.view(), name).id().value())
                        .toList());
        values.computeIfPresent(
                "node",
                (_, names) -> names.stream()
                        .map(name -> name.equals("self")
                                ? ask.standing().self().value()
                                : Lookup.node(ask.view(), name).id().value())
                        .toList());
        values.computeIfPresent(
                "desired-state",
                (_, states) -> states.stream()
                        .map(state -> state.toLowerCase(Locale.ROOT))
                        .toList());
        return new Filters(values);
    }

    private static boolean fits(View view, Task task, Filters filters) {
        return filters.exact("service", task.serviceId().value())
                && filters.exact("node", task.nodeId().map(Object::toString).orElse(""))
                && filters.exact("desired-state", task.desiredState().word())
                && filters.prefix("id", task.id().value())
                && filters.exact("runtime", "container")
                && (filters.all("name").isEmpty() || filters.prefix("name", Portraits.name(view, task)))
                && (filters.all("label").isEmpty() || filters.labels("label", labels(view, task)))
                && isOfSpecAsked(view, task, filters.all("_up-to-date"));
    }

    private static Map<String, String> labels(View view, Task task) {
        return view.services()
                .find(task.serviceId())
                .map(service -> service.spec().labels())
                .orElse(Map.of());
    }

    /// Undocumented, and what the client's progress display stands on: only tasks of the service's current spec.
    private static boolean isOfSpecAsked(View view, Task task, List<String> asked) {
        if (asked.isEmpty()) {
            return true;
        }
        boolean current = view.services()
                .find(task.serviceId())
                .filter(service -> !new Outdated(view, service).is(task))
                .isPresent();
        return asked.contains(String.valueOf(current));
    }
}
