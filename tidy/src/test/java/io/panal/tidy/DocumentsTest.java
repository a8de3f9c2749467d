package io.panal.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The documents hold together.
class DocumentsTest {
    private static final Pattern LINK = Pattern.compile("!?\\[[^\\]]*\\]\\(([^)\\s]+)(?: \"[^\"]*\")?\\)");
    private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");
    private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*)");

    @Test
    void everyLinkLeadsSomewhere() {
        List<String> broken = new ArrayList<>();
        for (Path document : Sources.ending(".md")) {
            List<String> lines = prose(Sources.lines(document));
            for (int i = 0; i < lines.size(); i++) {
                Matcher links = LINK.matcher(lines.get(i).replaceAll("`[^`]*`", ""));
                while (links.find()) {
                    if (!leadsSomewhere(document, links.group(1))) {
                        broken.add(Sources.place(document, i) + " " + links.group(1));
                    }
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    /// A page and its translation tell the same commands; what is said beside them is each language's own.
    @Test
    void everyTranslationHasTheSameCommands() {
        List<Path> translated = Sources.ending(".md").stream()
                .filter(document -> document.getParent().endsWith(Path.of("docs", "es")))
                .toList();
        assertThat(translated).isNotEmpty();
        for (Path document : translated) {
            Path original = document.getParent().getParent().resolve(document.getFileName());
            assertThat(commands(document)).as(document.toString()).isEqualTo(commands(original));
        }
    }

    private static List<String> commands(Path document) {
        List<String> commands = new ArrayList<>();
        boolean isCode = false;
        for (String line : Sources.lines(document)) {
            if (line.startsWith("```")) {
                isCode = line.equals("```sh");
            } else if (isCode) {
                commands.add(line.replaceFirst(" # .*", "").stripTrailing());
            }
        }
        return commands;
    }

    private static boolean leadsSomewhere(Path document, String link) {
        if (ELSEWHERE.matcher(link).matches()) {
            return true;
        }
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target = file.isEmpty() ? document : document.resolveSibling(file).normalize();
        if (!Sources.exists(target)) {
            return false;
        }
        boolean isDocument = target.toString().endsWith(".md");
        return hash < 0 || !isDocument || headings(target).contains(link.substring(hash + 1));
    }

    private static List<String> headings(Path document) {
        return prose(Sources.lines(document)).stream()
                .map(HEADING::matcher)
                .filter(Matcher::matches)
                .map(heading -> anchor(heading.group(1)))
                .toList();
    }

    /// As the common renderers name a heading.
    private static String anchor(String heading) {
        return heading.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                .replace(' ', '-');
    }

    /// The same lines with those of code blocks emptied.
    private static List<String> prose(List<String> lines) {
        List<String> prose = new ArrayList<>();
        boolean isCode = false;
        for (String line : lines) {
            boolean isFence = line.strip().startsWith("```");
            prose.add(isCode || isFence ? "" : line);
            isCode = isFence != isCode;
        }
        return prose;
    }
}
