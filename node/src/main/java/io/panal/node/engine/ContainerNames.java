package io.panal.node.engine;

import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// Names for containers that got none: an adjective and a bee.
final class ContainerNames {
    private static final List<String> ADJECTIVES = List.of(
            "amber", "brave", "bright", "busy", "calm", "clever", "eager", "fair", "gentle", "golden", "happy", "keen",
            "kind", "lively", "merry", "nimble", "patient", "quick", "quiet", "ready", "steady", "sunny", "swift",
            "tidy", "warm", "wise");
    private static final List<String> NOUNS = List.of(
            "acacia",
            "apiary",
            "aster",
            "bee",
            "bloom",
            "borage",
            "clover",
            "comb",
            "drone",
            "fennel",
            "heather",
            "hive",
            "honey",
            "lavender",
            "linden",
            "meadow",
            "mint",
            "nectar",
            "orchard",
            "petal",
            "pollen",
            "queen",
            "rosemary",
            "sage",
            "thyme",
            "wax");

    private ContainerNames() {}

    static String fresh(RandomGenerator random, Predicate<String> isTaken) {
        String name = pair(random);
        while (isTaken.test(name)) {
            name = pair(random) + random.nextInt(10_000);
        }
        return name;
    }

    private static String pair(RandomGenerator random) {
        return ADJECTIVES.get(random.nextInt(ADJECTIVES.size())) + "_" + NOUNS.get(random.nextInt(NOUNS.size()));
    }
}
