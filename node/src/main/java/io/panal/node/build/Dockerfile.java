package io.panal.node.build;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads a Dockerfile.
///
/// Source: the Dockerfile reference of Docker 20.10 (classic builder).
final class Dockerfile {
    private static final Set<String> WORDS = Set.of(
            "ADD",
            "ARG",
            "CMD",
            "COPY",
            "ENTRYPOINT",
            "ENV",
            "EXPOSE",
            "FROM",
            "HEALTHCHECK",
            "LABEL",
            "MAINTAINER",
            "ONBUILD",
            "RUN",
            "SHELL",
            "STOPSIGNAL",
            "USER",
            "VOLUME",
            "WORKDIR");
    private static final Pattern ESCAPE =
            Pattern.compile("#\\s*escape\\s*=\\s*([\\\\`])\\s*", Pattern.CASE_INSENSITIVE);
    private static final Pattern DIRECTIVE = Pattern.compile("#\\s*[a-zA-Z]+\\s*=.*");
    private static final Pattern HEREDOC = Pattern.compile("(^|\\s)<<-?['\"]?[A-Za-z_]");

    private Dockerfile() {}

    static List<Instruction> parse(String text) throws BuildException {
        String[] lines = text.replaceFirst("^\ufeff", "").split("\r?\n", -1);
        char escape = escape(lines);
        List<Instruction> instructions = new ArrayList<>();
        StringBuilder open = new StringBuilder();
        int begin = 0;
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i];
            if (line.strip().startsWith("#") || (line.isBlank() && !open.isEmpty())) {
                continue;
            }
            if (open.isEmpty()) {
                begin = i + 1;
                line = line.stripLeading();
            }
            String end = line.stripTrailing();
            if (!end.isEmpty() && end.charAt(end.length() - 1) == escape) {
                open.append(end, 0, end.length() - 1);
                continue;
            }
            open.append(line);
            if (!open.toString().isBlank()) {
                instructions.add(instruction(begin, open.toString().strip()));
            }
            open.setLength(0);
        }
        if (!open.toString().isBlank()) {
            instructions.add(instruction(begin, open.toString().strip()));
        }
        return instructions;
    }

    private static char escape(String[] lines) {
        for (String line : lines) {
            Matcher own = ESCAPE.matcher(line);
            if (own.matches()) {
                return own.group(1).charAt(0);
            }
            if (!DIRECTIVE.matcher(line).matches()) {
                return '\\';
            }
        }
        return '\\';
    }

    /// @param text without its continuations
    static Instruction instruction(int line, String text) throws BuildException {
        String[] parts = text.split("\\s+", 2);
        String word = parts[0].toUpperCase(Locale.ROOT);
        String rest = parts.length == 2 ? parts[1].strip() : "";
        if (!WORDS.contains(word)) {
            throw new BuildException("dockerfile parse error line %d: unknown instruction: %s".formatted(line, word));
        }
        Map<String, String> flags = new LinkedHashMap<>();
        while (rest.startsWith("--") && !word.equals("CMD") && !word.equals("ENTRYPOINT")) {
            String[] next = rest.split("\\s+", 2);
            String[] flag = next[0].substring(2).split("=", 2);
            flags.put(flag[0], flag.length == 2 ? flag[1] : "");
            rest = next.length == 2 ? next[1] : "";
        }
        Instruction read = new Instruction(line, text, word, flags, rest, list(rest));
        check(read);
        return read;
    }

    private static void check(Instruction read) throws BuildException {
        if (read.rest().isEmpty()) {
            throw read.refuse(
                    read.word().equals("RUN")
                                    || read.word().equals("CMD")
                                    || read.word().equals("ENTRYPOINT")
                            ? "Unknown flag or no command in " + read.word()
                            : read.word() + " requires at least one argument");
        }
        boolean files = read.word().equals("COPY") || read.word().equals("ADD");
        boolean here = HEREDOC.matcher(read.rest()).find() && read.list().isEmpty();
        if (here && (files || (read.word().equals("RUN") && read.rest().startsWith("<<")))) {
            throw read.refuse("here-documents need BuildKit, which is not here; put the lines into a file, or use &&");
        }
        Set<String> known = switch (read.word()) {
            case "COPY" -> Set.of("from", "chown");
            case "ADD" -> Set.of("chown");
            case "FROM" -> Set.of("platform");
            case "HEALTHCHECK" -> Set.of("interval", "timeout", "start-period", "start-interval", "retries");
            default -> Set.of();
        };
        for (String flag : read.flags().keySet()) {
            if (flag.equals("mount") || flag.equals("chmod") || flag.equals("link") || flag.equals("parents")) {
                throw new BuildException(
                        "the --%s option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to build images with BuildKit enabled"
                                .formatted(flag));
            }
            if (!known.contains(flag)) {
                throw read.refuse("unknown flag: " + flag);
            }
        }
    }

    private static Optional<List<String>> list(String rest) {
        if (!rest.startsWith("[")) {
            return Optional.empty();
        }
        try {
            JsonNode tree = JsonMapper.shared().readTree(rest);
            boolean words = tree.isArray() && tree.valueStream().allMatch(JsonNode::isString);
            return words
                    ? Optional.of(tree.valueStream().map(JsonNode::asString).toList())
                    : Optional.empty();
        } catch (JacksonException plainText) {
            return Optional.empty();
        }
    }
}
