package io.panal.cli.template;

import java.util.ArrayList;
import java.util.List;

/// Splits a template into text and actions, and an action into words.
final class Lexer {
    /// A piece of the template: either text or the inside of `{{ }}`.
    record Piece(boolean action, String text) {}

    private Lexer() {}

    static List<Piece> pieces(String template) {
        var pieces = new ArrayList<Piece>();
        int at = 0;
        boolean trimStart = false;
        while (true) {
            int open = template.indexOf("{{", at);
            String text = open < 0 ? template.substring(at) : template.substring(at, open);
            if (trimStart) {
                text = text.stripLeading();
            }
            if (open < 0) {
                addText(pieces, text);
                return pieces;
            }
            int start = open + 2;
            boolean trimEnd = template.startsWith("- ", start);
            addText(pieces, trimEnd ? text.stripTrailing() : text);
            start += trimEnd ? 1 : 0;
            int close = closing(template, start);
            int end = close;
            trimStart = end > start && template.startsWith(" -", end - 2);
            if (trimStart) {
                end--;
            }
            String inside = template.substring(start, end).strip();
            if (!inside.startsWith("/*")) {
                pieces.add(new Piece(true, inside));
            }
            at = close + 2;
        }
    }

    private static void addText(List<Piece> pieces, String text) {
        if (!text.isEmpty()) {
            pieces.add(new Piece(false, text));
        }
    }

    private static int closing(String template, int start) {
        char quote = 0;
        for (int i = start; i < template.length(); i++) {
            char c = template.charAt(i);
            if (quote != 0) {
                if (c == '\\' && quote != '`') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '"' || c == '`' || c == '\'') {
                quote = c;
            } else if (c == '}') {
                if (template.startsWith("}}", i)) {
                    return i;
                }
                throw TemplateFailure.unreadable("bad character U+007D '}'");
            }
        }
        throw TemplateFailure.unreadable(quote == '"' ? "unterminated quoted string" : "unclosed action");
    }

    /// The words of an action: punctuation, quoted strings, numbers, names, and field chains such as `.Spec.Name`.
    /// A blank between words is kept as a single space, since `$x .Name` is not `$x.Name`.
    static List<String> words(String action) {
        var words = new ArrayList<String>();
        int i = 0;
        while (i < action.length()) {
            int end = wordEnd(action, i);
            String word = action.substring(i, end);
            words.add(word.isBlank() ? " " : word);
            i = end;
        }
        return words;
    }

    private static int wordEnd(String action, int start) {
        char c = action.charAt(start);
        int i = start + 1;
        if (Character.isWhitespace(c)) {
            while (i < action.length() && Character.isWhitespace(action.charAt(i))) {
                i++;
            }
            return i;
        }
        if (c == '"' || c == '`' || c == '\'') {
            while (action.charAt(i) != c) {
                i += action.charAt(i) == '\\' && c != '`' ? 2 : 1;
            }
            return i + 1;
        }
        if (c == ':' && action.startsWith(":=", start)) {
            return start + 2;
        }
        boolean sign = (c == '-' || c == '+') && i < action.length() && Character.isDigit(action.charAt(i));
        if (c == '.' || c == '$' || sign || isNameLetter(c)) {
            boolean number = sign || Character.isDigit(c);
            while (i < action.length() && (isNameLetter(action.charAt(i)) || (number && action.charAt(i) == '.'))) {
                i++;
            }
            return i;
        }
        if ("()|,=".indexOf(c) >= 0) {
            return i;
        }
        throw TemplateFailure.unreadable("unexpected bad character U+%04X '%c'".formatted((int) c, c));
    }

    private static boolean isNameLetter(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }
}
