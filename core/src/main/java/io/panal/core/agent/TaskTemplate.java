package io.panal.core.agent;

import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The placeholders that may stand in a task's host name, environment and mounts: `{{.Service.Name}}`.
///
/// Docker's set (`docker service create`, "Create services using templates"): `.Service.ID`, `.Service.Name`,
/// `.Service.Labels`, `.Node.ID`, `.Node.Hostname`, `.Node.Platform.Architecture`, `.Node.Platform.OS`, `.Task.ID`,
/// `.Task.Name`, `.Task.Slot`; a label by `{{index .Service.Labels "name"}}`.
public final class TaskTemplate {
    private static final String INDEX = "index .Service.Labels ";

    private final Map<String, String> values = new TreeMap<>();
    private final Map<String, String> labels;

    public TaskTemplate(Assignment order, Id<Node> node, Node.Description description) {
        this(order.service().labels(), node, description);
        values.put(".Service.ID", order.service().id().value());
        values.put(".Service.Name", order.service().name());
        values.put(".Task.ID", order.task().value());
        values.put(".Task.Name", taskName(order, node));
        values.put(".Task.Slot", order.slot() <= 0 ? node.value() : Integer.toString(order.slot()));
    }

    /// As managers know a task, and the node that it is assigned to.
    public TaskTemplate(Service service, Task task, Id<Node> node, Node.Description description) {
        this(service.spec().labels(), node, description);
        values.put(".Service.ID", service.id().value());
        values.put(".Service.Name", service.spec().name());
        values.put(".Task.ID", task.id().value());
        values.put(".Task.Name", service.spec().name() + "." + task.place() + "." + task.id());
        values.put(".Task.Slot", task.place());
    }

    private TaskTemplate(Map<String, String> labels, Id<Node> node, Node.Description description) {
        this.labels = labels;
        values.put(".Node.ID", node.value());
        values.put(".Node.Hostname", description.hostname());
        values.put(".Node.Platform.Architecture", description.platform().architecture());
        values.put(".Node.Platform.OS", description.platform().os());
        labels.forEach((name, value) -> values.put(".Service.Labels." + name, value));
    }

    /// `web.1.ID`, or with the node's id in the slot's place for a global service.
    public static String taskName(Assignment order, Id<Node> node) {
        return "%s.%s.%s"
                .formatted(
                        order.service().name(),
                        order.slot() <= 0 ? node.value() : Integer.toString(order.slot()),
                        order.task());
    }

    /// @return empty when a placeholder is not known or not closed
    public Optional<String> expand(String text) {
        StringBuilder expanded = new StringBuilder(text.length());
        int at = 0;
        for (int open = text.indexOf("{{"); open >= 0; open = text.indexOf("{{", at)) {
            int close = text.indexOf("}}", open);
            Optional<String> value = close < 0
                    ? Optional.empty()
                    : value(text.substring(open + 2, close).strip());
            if (value.isEmpty()) {
                return Optional.empty();
            }
            expanded.append(text, at, open).append(value.get());
            at = close + 2;
        }
        return Optional.of(expanded.append(text, at, text.length()).toString());
    }

    private Optional<String> value(String placeholder) {
        if (placeholder.startsWith(INDEX)) {
            String name = placeholder.substring(INDEX.length()).strip();
            return Optional.of(labels.getOrDefault(name.substring(1, Math.max(1, name.length() - 1)), ""));
        }
        return Optional.ofNullable(values.get(placeholder));
    }
}
