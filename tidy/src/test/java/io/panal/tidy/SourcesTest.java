package io.panal.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What only the source text shows.
class SourcesTest {
    private static final Pattern UNFINISHED = Pattern.compile("\\b([T]ODO|[F]IXME|X[X]X)\\b(?!.*#\\d+)");
    private static final Pattern PAUSE = Pattern.compile("\\bThread\\.sl[e]ep\\(");
    private static final Pattern LOOP = Pattern.compile("^\\s*(\\} )?(while|for|do)\\b.*");
    private static final Pattern EMPTY_CATCH = Pattern.compile("catch \\([^)]*\\) \\{\\s*\\}");
    private static final Pattern SKIPPED = Pattern.compile("@[D]isabled\\b|\\bassum[e](True|False|That)\\(");
    private static final int LOOP_REACH = 10;

    @Test
    void everyPackageSaysItsInvariant() {
        List<String> silent = new ArrayList<>();
        for (Path source : Sources.ending(".java")) {
            if (source.toString().contains("/src/main/java/")) {
                Path description = source.resolveSibling("package-info.java");
                if (!Sources.exists(description)
                        || Sources.lines(description).stream()
                                .noneMatch(line -> line.startsWith("/// **Invariant:**"))) {
                    silent.add(Sources.ROOT.relativize(source.getParent()).toString());
                }
            }
        }
        assertThat(silent).isEmpty();
    }

    @Test
    void nothingUnfinishedIsLeftWithoutAnIssue() {
        assertThat(linesWith(UNFINISHED, "")).isEmpty();
    }

    @Test
    void noFailureIsSwallowed() {
        assertThat(linesWith(EMPTY_CATCH, "")).isEmpty();
    }

    @Test
    void noTestIsSkipped() {
        assertThat(linesWith(SKIPPED, "/src/test/java/")).isEmpty();
    }

    /// A pause between two looks at a condition is polling; a pause alone is a guess.
    @Test
    void noTestSleepsInPlaceOfACondition() {
        List<String> guesses = new ArrayList<>();
        for (Path source : Sources.ending(".java")) {
            List<String> lines = Sources.lines(source);
            for (int i = 0; i < lines.size() && source.toString().contains("/src/test/java/"); i++) {
                boolean isPolling = lines.subList(Math.max(0, i - LOOP_REACH), i).stream()
                        .anyMatch(line -> LOOP.matcher(line).matches());
                if (PAUSE.matcher(lines.get(i)).find() && !isPolling) {
                    guesses.add(Sources.place(source, i));
                }
            }
        }
        assertThat(guesses).isEmpty();
    }

    private static List<String> linesWith(Pattern pattern, String where) {
        List<String> found = new ArrayList<>();
        for (Path source : Sources.ending(".java")) {
            List<String> lines = Sources.lines(source);
            for (int i = 0; i < lines.size(); i++) {
                if (source.toString().contains(where)
                        && pattern.matcher(lines.get(i)).find()) {
                    found.add(Sources.place(source, i) + " " + lines.get(i).strip());
                }
            }
        }
        return found;
    }
}
