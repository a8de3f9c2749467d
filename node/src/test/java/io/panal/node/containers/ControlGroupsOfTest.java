package io.panal.node.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Removes the empty control groups that a test's containers had as their parent.
final class ControlGroupsOfTest {
    private ControlGroupsOfTest() {}

    static void remove(String group) throws IOException {
        var root = Path.of("/sys/fs/cgroup");
        Files.deleteIfExists(root.resolve(group));
        try (var controllers = Files.list(root)) {
            for (var controller : controllers.toList()) {
                Files.deleteIfExists(controller.resolve(group));
            }
        }
    }
}
