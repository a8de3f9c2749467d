package io.panal.cli.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JSON object that is read by name without asking first whether each part is there.
///
/// @param map its members in order; changing it changes the object
public record Tree(Map<String, @Nullable Object> map) {
    /// An empty object.
    public static Tree empty() {
        return new Tree(new LinkedHashMap<>());
    }

    /// The value as an object; empty when it is none.
    public static Tree of(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? new Tree(typed(map)) : empty();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> typed(Map<?, ?> map) {
        return (Map<String, @Nullable Object>) map;
    }

    /// The objects of a list; empty when the value is none.
    public static List<Tree> list(@Nullable Object value) {
        var list = new ArrayList<Tree>();
        if (value instanceof List<?> elements) {
            for (Object element : elements) {
                list.add(of(element));
            }
        }
        return list;
    }

    /// The member at a path such as `Spec.Mode.Replicated`.
    public @Nullable Object at(String path) {
        Map<String, @Nullable Object> current = map;
        int from = 0;
        while (true) {
            int dot = path.indexOf('.', from);
            if (dot < 0) {
                return current.get(path.substring(from));
            }
            if (!(current.get(path.substring(from, dot)) instanceof Map<?, ?> next)) {
                return null;
            }
            current = typed(next);
            from = dot + 1;
        }
    }

    public boolean has(String path) {
        return at(path) != null;
    }

    /// The object at a path; empty and apart when there is none.
    public Tree tree(String path) {
        return of(at(path));
    }

    /// The list of objects at a path.
    public List<Tree> trees(String path) {
        return list(at(path));
    }

    /// The text at a path; empty when there is none.
    public String text(String path) {
        return at(path) instanceof String text ? text : "";
    }

    /// The whole number at a path; zero when there is none.
    public long number(String path) {
        return at(path) instanceof Number number ? number.longValue() : 0;
    }

    /// The number at a path; zero when there is none.
    public double decimal(String path) {
        return at(path) instanceof Number number ? number.doubleValue() : 0;
    }

    public boolean isTrue(String path) {
        return Boolean.TRUE.equals(at(path));
    }

    /// The texts of a list at a path.
    public List<String> texts(String path) {
        var texts = new ArrayList<String>();
        if (at(path) instanceof List<?> elements) {
            for (Object element : elements) {
                texts.add(String.valueOf(element));
            }
        }
        return texts;
    }

    /// The text members of the object at a path, in order.
    public Map<String, String> strings(String path) {
        var strings = new LinkedHashMap<String, String>();
        for (Map.Entry<String, @Nullable Object> entry : tree(path).map.entrySet()) {
            strings.put(entry.getKey(), String.valueOf(entry.getValue()));
        }
        return strings;
    }

    /// Puts a member, replacing the one of that name.
    public Tree put(String name, @Nullable Object value) {
        map.put(name, value instanceof Tree tree ? tree.map : value);
        return this;
    }

    /// The object at a path, put there when it is missing.
    public Tree make(String path) {
        Tree current = this;
        for (String name : path.split("\\.", -1)) {
            if (!(current.map.get(name) instanceof Map)) {
                current.map.put(name, new LinkedHashMap<String, @Nullable Object>());
            }
            current = of(current.map.get(name));
        }
        return current;
    }
}
