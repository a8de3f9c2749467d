package io.panal.cli.template;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A thing with a fixed set of fields; unlike a plain map it refuses a name it does not have, as Go does for a struct.
///
/// @param kind the name the refusal gives, such as `*service.serviceContext`
/// @param fields values by name; a [Function] is a method with arguments, such as `.Label "x"`
/// @param isObject whether its JSON keeps the order of the fields, as an object of the API does; a line of a list is
/// written in the order of the names
public record Row(String kind, Map<String, @Nullable Object> fields, boolean isObject) {
    /// A line of a list.
    public Row(String kind, Map<String, @Nullable Object> fields) {
        this(kind, fields, false);
    }
}
