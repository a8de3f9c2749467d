package io.panal.cli.shown;

import io.panal.cli.template.Function;
import java.util.Map;
import java.util.TreeMap;

/// Labels in lists.
public final class Labels {
    private Labels() {}

    /// `a=b,c=d` in the order of their names.
    public static String shown(Map<String, String> labels) {
        var out = new StringBuilder();
        new TreeMap<>(labels)
                .forEach((name, value) -> out.append(out.isEmpty() ? "" : ",")
                        .append(name)
                        .append('=')
                        .append(value));
        return out.toString();
    }

    /// The placeholder `.Label "name"`.
    public static Function lookup(Map<String, String> labels) {
        return arguments -> arguments.isEmpty() ? "" : labels.getOrDefault(String.valueOf(arguments.getFirst()), "");
    }
}
