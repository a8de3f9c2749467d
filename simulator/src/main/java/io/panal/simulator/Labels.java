package io.panal.simulator;

import io.panal.core.model.Stored;
import io.panal.core.store.Kind;
import io.panal.core.store.View;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names for ids that stay the same when the chance that makes ids changes: the first one shown is `id1`, and so on.
///
/// A label is as long as what it stands for, so that columns stay where they are.
final class Labels {
    private static final Pattern ID = Pattern.compile("\\b[0-9a-z]{12}(?:[0-9a-z]{13})?\\b");
    private static final int SHORT = 12;

    private final Map<String, String> known = new TreeMap<>();
    private final Map<String, Integer> numbers = new TreeMap<>();

    /// Learns the ids of everything there is.
    void learn(View view) {
        for (Kind<?> kind : Kind.ALL) {
            for (Stored<?> object : view.table(kind).all()) {
                String id = object.id().value();
                known.put(id, id);
                known.put(id.substring(0, SHORT), id);
            }
        }
    }

    String label(String text) {
        return ID.matcher(text).replaceAll(found -> {
            String id = known.get(found.group());
            return Matcher.quoteReplacement(
                    id == null ? found.group() : label(id, found.group().length()));
        });
    }

    private String label(String id, int length) {
        int number = numbers.computeIfAbsent(id, _ -> numbers.size() + 1);
        String label = "id" + number;
        return label + ".".repeat(length - label.length());
    }
}
