package io.panal.core.manager.scheduler;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.stream.Collectors;

/// Why a node does not take a task, in the order in which it is looked at, with Docker's words.
enum Refusal {
    NOT_AVAILABLE("%d %s not available for new tasks"),
    RESOURCES("insufficient resources on %d %s"),
    CONSTRAINTS("scheduling constraints not satisfied on %d %s"),
    PLATFORM("unsupported platform on %d %s"),
    HOST_PORT("host-mode port already in use on %d %s"),
    MAX_REPLICAS("max replicas per node limit exceed");

    private final String words;

    Refusal(String words) {
        this.words = words;
    }

    private String on(int nodes) {
        return words.formatted(nodes, nodes == 1 ? "node" : "nodes");
    }

    /// The most frequent first: `no suitable node (insufficient resources on 2 nodes)`.
    static String explained(NavigableMap<Refusal, Integer> counts) {
        List<Map.Entry<Refusal, Integer>> sorted = counts.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<Refusal, Integer> entry) -> -entry.getValue())
                        .thenComparing(Map.Entry::getKey))
                .toList();
        return sorted.isEmpty()
                ? "no suitable node"
                : sorted.stream()
                        .map(entry -> entry.getKey().on(entry.getValue()))
                        .collect(Collectors.joining("; ", "no suitable node (", ")"));
    }
}
