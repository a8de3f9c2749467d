package io.panal.tidy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;

/// The project's own classes, read once from where the build puts them.
final class Code {
    /// Every module with code of ours; generated code is no matter of style.
    static final List<String> MODULES =
            List.of("core", "images", "node", "machines", "cli", "simulator", "program", "tidy");

    static final JavaClasses MAIN = read("classes");
    static final JavaClasses TESTS = read("test-classes");

    private Code() {}

    private static JavaClasses read(String kind) {
        return new ClassFileImporter()
                .importPaths(MODULES.stream()
                        .map(module -> Sources.ROOT.resolve(Path.of(module, "target", kind)))
                        .filter(Sources::exists)
                        .toList());
    }
}
