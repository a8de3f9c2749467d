package io.panal.cli.system;

import io.panal.cli.json.Tree;
import org.jspecify.annotations.Nullable;

/// Lines of a text, each added whole.
final class Lines {
    private final StringBuilder out = new StringBuilder();

    void add(String line) {
        out.append(line).append('\n');
    }

    /// A name and its value, whatever the value is.
    void add(String name, @Nullable Object value) {
        add(name + " " + (value == null ? "" : value));
    }

    /// A name and its value, left out when there is none.
    void addIf(String name, Tree holder, String path) {
        Object value = holder.at(path);
        if (value != null && !value.equals("")) {
            add(name, value);
        }
    }

    String text() {
        return out.toString();
    }
}
