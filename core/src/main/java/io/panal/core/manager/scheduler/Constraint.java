package io.panal.core.manager.scheduler;

import io.panal.core.manager.allocator.Subnet;
import io.panal.core.model.Node;
import io.panal.core.model.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A placement constraint: `node.labels.disk==ssd`.
///
/// Keys and values compare without regard to case, labels' names with it (swarmkit, `manager/constraint`).
///
/// @param equal whether `==` or `!=`
public record Constraint(String key, boolean equal, String value) {
    private static final Pattern KEY = Pattern.compile("(?i)^[a-z_][a-z0-9\\-_.]+$");
    private static final Pattern VALUE = Pattern.compile("(?i)^[a-z0-9:\\-_\\s.*()?+\\[\\]\\\\^$|/]+$");
    private static final String NODE_LABEL = "node.labels.";
    private static final String ENGINE_LABEL = "engine.labels.";

    /// An expression that is no constraint; the message is Docker's.
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message);
        }
    }

    public static Constraint parse(String expression) throws Malformed {
        for (String operator : List.of("==", "!=")) {
            int at = expression.indexOf(operator);
            if (at < 0) {
                continue;
            }
            String key = expression.substring(0, at).strip();
            String value = expression.substring(at + operator.length()).strip();
            if (!KEY.matcher(key).matches()) {
                throw new Malformed("key '%s' is invalid".formatted(key));
            }
            if (!VALUE.matcher(value).matches()) {
                throw new Malformed("value '%s' is invalid".formatted(value));
            }
            return new Constraint(key, operator.equals("=="), value);
        }
        throw new Malformed("constraint expected one operator from ==, !=");
    }

    /// Those of a task.
    ///
    /// @throws IllegalStateException when one is malformed: control let none in
    public static List<Constraint> of(TaskSpec spec) {
        List<String> expressions =
                spec.placement().map(TaskSpec.Placement::constraints).orElse(List.of());
        List<Constraint> constraints = new ArrayList<>(expressions.size());
        for (String expression : expressions) {
            try {
                constraints.add(parse(expression));
            } catch (Malformed malformed) {
                throw new IllegalStateException("constraint " + expression, malformed);
            }
        }
        return constraints;
    }

    public static boolean allMatch(List<Constraint> constraints, Node node) {
        return constraints.stream().allMatch(constraint -> constraint.isMetBy(node));
    }

    public boolean isMetBy(Node node) {
        String lower = key.toLowerCase(Locale.ROOT);
        if (lower.startsWith(NODE_LABEL)) {
            return holds(label(node.spec().labels(), NODE_LABEL));
        }
        if (lower.startsWith(ENGINE_LABEL)) {
            return holds(
                    label(node.description().map(said -> said.engine().labels()).orElse(Map.of()), ENGINE_LABEL));
        }
        Optional<TaskSpec.Platform> platform = node.description().map(Node.Description::platform);
        return switch (lower) {
            case "node.id" -> holds(node.id().value());
            case "node.hostname" -> holds(node.hostname());
            case "node.role" -> holds(node.spec().role().word());
            case "node.ip" -> isAt(node.status().addr()) == equal;
            case "node.platform.os" -> holds(platform.map(TaskSpec.Platform::os).orElse(""));
            case "node.platform.arch" ->
                holds(platform.map(TaskSpec.Platform::architecture).orElse(""));
            // An unknown key is met by no node, as in Docker.
            case String _ -> false;
        };
    }

    private String label(Map<String, String> labels, String prefix) {
        return labels.getOrDefault(key.substring(prefix.length()), "");
    }

    /// The value is an address or a subnet.
    private boolean isAt(String address) {
        return Subnet.parse(value)
                .flatMap(range -> Subnet.address(address).map(range::contains))
                .orElse(false);
    }

    private boolean holds(String actual) {
        return value.equalsIgnoreCase(actual) == equal;
    }
}
