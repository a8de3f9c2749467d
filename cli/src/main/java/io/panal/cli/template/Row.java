package io.panal.cli.template;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One line's placeholders; unlike a plain map it refuses a name it does not have, as Go does for a struct.
///
/// @param kind the name the refusal gives, such as `*service.serviceContext`
/// @param fields values by placeholder; a [Function] is a method with arguments, such as `.Label "x"`
public record Row(String kind, Map<String, @Nullable Object> fields) {}
