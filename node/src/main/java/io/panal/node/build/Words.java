package io.panal.node.build;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Splits what follows an instruction into words, with quotes taken away and variables filled in.
///
/// `$NAME`, `${NAME}`, `${NAME:-otherwise}` and `${NAME:+instead}`; none in single quotes or after a backslash.
final class Words {
    private final String text;
    private final Map<String, String> variables;
    private int at;

    private Words(String text, Map<String, String> variables) {
        this.text = text;
        this.variables = variables;
    }

    /// Each word by itself.
    static List<String> split(String text, Map<String, String> variables) throws BuildException {
        return new Words(text, variables).words();
    }

    /// The whole as one word.
    static String fill(String text, Map<String, String> variables) throws BuildException {
        return new Words(text, variables).word(false);
    }

    private List<String> words() throws BuildException {
        List<String> words = new ArrayList<>();
        while (true) {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            if (at == text.length()) {
                return words;
            }
            words.add(word(true));
        }
    }

    private String word(boolean endsAtSpace) throws BuildException {
        StringBuilder word = new StringBuilder();
        char quote = 0;
        while (at < text.length()) {
            char next = text.charAt(at);
            if (quote == 0 && endsAtSpace && Character.isWhitespace(next)) {
                return word.toString();
            }
            if (next == quote) {
                quote = 0;
                at++;
            } else if (quote == 0 && (next == '"' || next == '\'')) {
                quote = next;
                at++;
            } else if (next == '\\' && quote != '\'' && at + 1 < text.length()) {
                boolean kept = quote == '"' && "\"$\\".indexOf(text.charAt(at + 1)) < 0;
                word.append(kept ? "\\" : "").append(text.charAt(at + 1));
                at += 2;
            } else if (next == '$' && quote != '\'') {
                at++;
                word.append(variable());
            } else {
                word.append(next);
                at++;
            }
        }
        if (quote != 0) {
            throw new BuildException("unexpected end of statement while looking for matching " + quote);
        }
        return word.toString();
    }

    private String variable() throws BuildException {
        if (at < text.length() && text.charAt(at) == '{') {
            int end = closing();
            String inside = text.substring(at + 1, end);
            at = end + 1;
            return braced(inside);
        }
        String name = name(text, at);
        at += name.length();
        return name.isEmpty() ? "$" : variables.getOrDefault(name, "");
    }

    private int closing() throws BuildException {
        int depth = 0;
        for (int i = at; i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new BuildException("syntax error: missing '}'");
    }

    private String braced(String inside) throws BuildException {
        String name = name(inside, 0);
        String how = inside.substring(name.length());
        String value = variables.getOrDefault(name, "");
        if (how.isEmpty()) {
            return value;
        }
        String other = fill(how.substring(Math.min(2, how.length())), variables);
        return switch (how.substring(0, Math.min(2, how.length()))) {
            case ":-" -> value.isEmpty() ? other : value;
            case ":+" -> value.isEmpty() ? "" : other;
            default -> throw new BuildException("unsupported modifier (%s) in substitution".formatted(how));
        };
    }

    private static String name(String text, int start) {
        int end = start;
        while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
            end++;
        }
        return text.substring(start, end);
    }
}
