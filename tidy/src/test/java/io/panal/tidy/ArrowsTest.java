package io.panal.tidy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which module may know which.
class ArrowsTest {
    @ParameterizedTest(name = "{0} knows {1}")
    @CsvSource(delimiter = '|', textBlock = """
            core       |
            containerd |
            machines   |
            images     | core
            node       | core images containerd
            cli        | core machines
            simulator  | core cli
            program    | core images node machines cli simulator containerd
            """)
    void aModuleKnowsOnlyWhatItsArrowsLeadTo(String module, String known) {
        List<String> allowed = new ArrayList<>(known == null ? List.of() : Arrays.asList(known.split(" ")));
        allowed.add(module);
        String[] others = Code.MODULES.stream()
                .filter(other -> !allowed.contains(other))
                .map(other -> "io.panal." + other + "..")
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage("io.panal." + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .allowEmptyShould(true)
                .check(Code.MAIN);
    }

    @Test
    void everyModuleHasCode() {
        for (String module : Code.MODULES) {
            assertThat(Sources.ROOT.resolve(module)).isDirectory();
        }
        assertThat(Code.MAIN.stream().map(each -> each.getPackageName().split("\\.")[2]))
                .contains("core", "images", "node", "machines", "cli", "simulator", "program");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"core", "core.manager", "images", "node", "machines", "cli"})
    void packagesFormNoCircle(String part) {
        slices().matching("io.panal." + part + ".(*)..")
                .should()
                .beFreeOfCycles()
                .check(Code.MAIN);
    }
}
