package io.panal.cli.template;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `eq`, `ne`, `lt`, `le`, `gt`, `ge` as Go's templates define them.
final class Comparison {
    private Comparison() {}

    static boolean of(String name, List<@Nullable Object> arguments) {
        if (arguments.size() < 2) {
            throw TemplateFailure.unfit("error calling " + name + ": missing argument for comparison");
        }
        Object first = arguments.getFirst();
        Object second = arguments.get(1);
        return switch (name) {
            case "eq" -> anyEqual(first, arguments.subList(1, arguments.size()));
            case "ne" -> !isEqual(first, second);
            case "lt" -> order(name, first, second) < 0;
            case "le" -> order(name, first, second) <= 0;
            case "gt" -> order(name, first, second) > 0;
            default -> order(name, first, second) >= 0;
        };
    }

    private static boolean anyEqual(@Nullable Object first, List<@Nullable Object> others) {
        for (Object other : others) {
            if (isEqual(first, other)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isEqual(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Number one && right instanceof Number other) {
            return Double.compare(one.doubleValue(), other.doubleValue()) == 0;
        }
        if (left instanceof Missing || right instanceof Missing) {
            return !GoText.isTrue(left) && !GoText.isTrue(right);
        }
        if (left != null && right != null && !GoText.typeOf(left).equals(GoText.typeOf(right))) {
            throw TemplateFailure.unfit("error calling eq: incompatible types for comparison");
        }
        return Objects.equals(left, right);
    }

    private static int order(String name, @Nullable Object left, @Nullable Object right) {
        if (left instanceof Number one && right instanceof Number other) {
            return Double.compare(one.doubleValue(), other.doubleValue());
        }
        if (left instanceof String one && right instanceof String other) {
            return one.compareTo(other);
        }
        throw TemplateFailure.unfit("error calling " + name + ": incompatible types for comparison");
    }
}
