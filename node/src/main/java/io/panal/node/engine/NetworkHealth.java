package io.panal.node.engine;

import io.panal.node.dataplane.Difference;
import java.util.List;

/// What a node says of its networks.
///
/// @param differences from what is wanted
/// @param problems what it cannot do, each a sentence for an operator
public record NetworkHealth(List<Difference> differences, List<String> problems) {
    /// Copies.
    public NetworkHealth {
        differences = List.copyOf(differences);
        problems = List.copyOf(problems);
    }
}
