package io.panal.node.work;

import io.panal.core.model.Id;
import io.panal.core.model.Node;
import java.nio.file.Path;

/// Where tasks run: this node, and its directories.
///
/// @param data what must outlive a reboot
/// @param run what need not; in memory
public record Surroundings(Id<Node> node, Node.Description description, Path data, Path run) {}
