package io.panal.core.model;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// Keeps string maps in the order of their keys, as the Engine API prints them.
final class Labels {
    private Labels() {}

    static Map<String, String> sorted(Map<String, String> labels) {
        return labels.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(labels));
    }
}
