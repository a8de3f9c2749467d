package io.panal.node.http;

import io.panal.core.api.Query;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which paths an [Endpoint] answers.
///
/// @param method in capitals
/// @param segments literal text, `{name}` for one segment, `{name...}` for one or more (an image's name has slashes)
/// @param endpoint what answers
record Route(String method, List<String> segments, Endpoint endpoint) {
    Route {
        segments = List.copyOf(segments);
    }

    static Route of(String method, String pattern, Endpoint endpoint) {
        return new Route(method, segments(pattern), endpoint);
    }

    static List<String> segments(String path) {
        return List.of((path.startsWith("/") ? path.substring(1) : path).split("/", -1));
    }

    /// The names in the path, when it is one of ours.
    Optional<Map<String, String>> match(List<String> path) {
        Map<String, String> names = new LinkedHashMap<>();
        int extra = path.size() - segments.size();
        int at = 0;
        for (String segment : segments) {
            int taken = segment.endsWith("...}") ? 1 + extra : 1;
            if (taken < 1 || at + taken > path.size()) {
                return Optional.empty();
            }
            String text = String.join(
                    "/",
                    path.subList(at, at + taken).stream().map(Query::decode).toList());
            if (segment.startsWith("{")) {
                if (text.isEmpty()) {
                    return Optional.empty();
                }
                names.put(segment.substring(1, segment.length() - (segment.endsWith("...}") ? 4 : 1)), text);
            } else if (!segment.equals(text)) {
                return Optional.empty();
            }
            at += taken;
        }
        return at == path.size() ? Optional.of(names) : Optional.empty();
    }
}
