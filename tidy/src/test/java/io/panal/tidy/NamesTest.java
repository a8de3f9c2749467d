package io.panal.tidy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethod;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A name says what a thing is.
class NamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"\\w*Utils?", "\\w*Helpers?", "\\w*Impl", "\\w+Base", "Abstract\\w*"})
    void aNameSaysNothingOfHowAClassIsMade(String pattern) {
        noClasses().should().haveNameMatching(".*[.$]" + pattern).check(Code.MAIN);
    }

    /// `Manager` alone is the cluster's; there is no manager of anything else.
    @Test
    void onlyTheClusterHasAManager() {
        noClasses().should().haveNameMatching(".*[.$]\\w+Manager").check(Code.MAIN);
    }

    @Test
    void aRecordsSettersDoNotExist() {
        noMethods()
                .that()
                .areDeclaredInClassesThat()
                .areRecords()
                .should()
                .haveNameMatching("(set|with)[A-Z].*")
                .check(Code.MAIN);
    }

    /// What a library calls so is called so by who implements it.
    @Test
    void anAnswerIsNotCalledGet() {
        noMethods().that(areNamedByUs()).should().haveNameMatching("get[A-Z].*").check(Code.MAIN);
    }

    private static DescribedPredicate<JavaMethod> areNamedByUs() {
        return DescribedPredicate.describe(
                "are named by us",
                method -> Stream.concat(
                                method.getOwner().getAllRawSuperclasses().stream(),
                                method.getOwner().getAllRawInterfaces().stream())
                        .flatMap(above -> above.getMethods().stream())
                        .noneMatch(above -> above.getName().equals(method.getName())));
    }

    @Test
    void onlyTheCommandLinePrints() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.panal.cli..", "io.panal.program..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(Code.MAIN);
    }

    @Test
    void onlyTheProgramEndsTheProcess() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.panal.program..")
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(Code.MAIN);
    }

    @Test
    void testsAreNoPublicPromise() {
        classes().that().haveSimpleNameEndingWith("Test").should().notBePublic().check(Code.TESTS);
    }
}
