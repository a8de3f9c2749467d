package io.panal.tidy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Core decides: it does no work itself, time and chance are given to it, and no order in it is an accident.
class CoreTest {
    private static GivenClassesConjunction noClassOfCore() {
        return noClasses().that().resideInAPackage("io.panal.core..");
    }

    @Test
    void coreTouchesNoFileSocketThreadOrLog() {
        noClassOfCore()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.net..",
                        "java.nio.file..",
                        "java.nio.channels..",
                        "java.util.concurrent..",
                        "java.util.logging..",
                        "javax..")
                .check(Code.MAIN);
        noClassOfCore()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.Thread")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.lang\\.System\\$Logger.*")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.ProcessBuilder")
                .check(Code.MAIN);
    }

    @Test
    void coreOwnsNoClockAndNoChance() {
        noClassOfCore()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Random.class)
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .check(Code.MAIN);
    }

    @ParameterizedTest(name = "{0}.{1}")
    @CsvSource({
        "java.time.Instant, now",
        "java.time.LocalDateTime, now",
        "java.time.ZonedDateTime, now",
        "java.lang.System, currentTimeMillis",
        "java.lang.System, nanoTime",
        "java.lang.System, getenv",
        "java.lang.System, getProperty",
        "java.lang.Math, random"
    })
    void coreAsksNobodyForTimeOrSurroundings(String owner, String method) {
        noClassOfCore().should().callMethodWhere(calling(owner, method, 0)).check(Code.MAIN);
    }

    @Test
    void coreHasNoMapOrSetOfAccidentalOrder() {
        noClassOfCore()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName(HashMap.class.getName())
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName(HashSet.class.getName())
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName(IdentityHashMap.class.getName())
                .check(Code.MAIN);
    }

    /// One element has only one order: `Set.of(a)` and `Map.of(k, v)` may stay.
    @ParameterizedTest(name = "{0}.{1} with {2} arguments or more")
    @CsvSource({
        "java.util.Set, of, 2",
        "java.util.Set, copyOf, 0",
        "java.util.Map, of, 4",
        "java.util.Map, ofEntries, 0",
        "java.util.Map, copyOf, 0",
        "java.util.stream.Collectors, toSet, 0",
        "java.util.stream.Collectors, toMap, 0",
        "java.util.stream.Collectors, toUnmodifiableSet, 0",
        "java.util.stream.Collectors, toUnmodifiableMap, 0",
        "java.util.Collection, parallelStream, 0",
        "java.util.stream.BaseStream, parallel, 0"
    })
    void coreMakesNoCollectionOfAccidentalOrder(String owner, String method, int arguments) {
        noClassOfCore()
                .should()
                .callMethodWhere(calling(owner, method, arguments))
                .check(Code.MAIN);
    }

    private static DescribedPredicate<JavaCall<?>> calling(String owner, String method, int arguments) {
        return DescribedPredicate.describe(
                "the target is %s.%s".formatted(owner, method),
                call -> call.getTargetOwner().getName().equals(owner)
                        && call.getName().equals(method)
                        && call.getTarget().getRawParameterTypes().size() >= arguments);
    }
}
