package io.panal.core.api;

import java.util.Optional;

/// Says what is wrong with a text that should be JSON, in the words of Go's `encoding/json` that Docker's clients know.
public final class SyntaxErrors {
    private static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1;

        Wrong(String message) {
            super(message);
        }
    }

    private final String text;
    private int at;

    private SyntaxErrors(String text) {
        this.text = text;
    }

    /// Empty when the text is one JSON value.
    public static Optional<String> of(String text) {
        if (text.isBlank()) {
            return Optional.of("EOF");
        }
        try {
            var scanner = new SyntaxErrors(text);
            scanner.value("looking for beginning of value", 0);
            return scanner.isAtEnd() ? Optional.empty() : Optional.of("unexpected content after JSON");
        } catch (Wrong wrong) {
            return Optional.of(String.valueOf(wrong.getMessage()));
        }
    }

    private void value(String context, int depth) {
        char first = next();
        if (depth > 500) {
            throw new Wrong("exceeded max depth");
        }
        switch (first) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number(first);
            default -> throw wrong(first, context);
        }
    }

    private void object(int depth) {
        char head = next();
        while (head != '}') {
            if (head != '"') {
                throw wrong(head, "looking for beginning of object key string");
            }
            string();
            expect(':', "after object key");
            value("looking for beginning of value", depth + 1);
            head = next();
            if (head == ',') {
                head = next();
                if (head == '}') {
                    throw wrong(head, "looking for beginning of object key string");
                }
            } else if (head != '}') {
                throw wrong(head, "after object key:value pair");
            }
        }
    }

    private void array(int depth) {
        if (next() == ']') {
            return;
        }
        at--;
        while (true) {
            value("looking for beginning of value", depth + 1);
            char separator = next();
            if (separator == ']') {
                return;
            }
            if (separator != ',') {
                throw wrong(separator, "after array element");
            }
        }
    }

    private void string() {
        while (true) {
            char c = raw();
            if (c == '"') {
                return;
            }
            if (c < ' ') {
                throw wrong(c, "in string literal");
            }
            if (c == '\\') {
                char escaped = raw();
                if ("\"\\/bfnrtu".indexOf(escaped) < 0) {
                    throw wrong(escaped, "in string escape code");
                }
            }
        }
    }

    private void literal(String word) {
        for (int i = 1; i < word.length(); i++) {
            char c = raw();
            if (c != word.charAt(i)) {
                throw wrong(c, "in literal %s (expecting '%s')".formatted(word, word.charAt(i)));
            }
        }
    }

    /// @param first its first character, already taken
    private void number(char first) {
        char head = first == '-' ? digit("in numeric literal") : first;
        if (head != '0') {
            digits();
        }
        if (isNext(".")) {
            at++;
            char _ = digit("after decimal point in numeric literal");
            digits();
        }
        if (isNext("eE")) {
            at++;
            at += isNext("+-") ? 1 : 0;
            char _ = digit("in exponent of numeric literal");
            digits();
        }
    }

    private char digit(String context) {
        char c = raw();
        if (c < '0' || c > '9') {
            throw wrong(c, context);
        }
        return c;
    }

    private void digits() {
        while (isNext("0123456789")) {
            at++;
        }
    }

    private boolean isNext(String characters) {
        return at < text.length() && characters.indexOf(text.charAt(at)) >= 0;
    }

    private void expect(char wanted, String context) {
        char c = next();
        if (c != wanted) {
            throw wrong(c, context);
        }
    }

    private boolean isAtEnd() {
        skipSpace();
        return at >= text.length();
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char next() {
        skipSpace();
        return raw();
    }

    private char raw() {
        if (at >= text.length()) {
            throw new Wrong("unexpected EOF");
        }
        return text.charAt(at++);
    }

    private static Wrong wrong(char c, String context) {
        return new Wrong("invalid character %s %s".formatted(quoted(c), context));
    }

    /// As Go's `encoding/json` quotes a byte that it did not expect.
    private static String quoted(char c) {
        return switch (c) {
            case '\'' -> "'\\''";
            case '\n' -> "'\\n'";
            case '\r' -> "'\\r'";
            case '\t' -> "'\\t'";
            default -> c < ' ' ? "'\\x%02x'".formatted((int) c) : "'" + c + "'";
        };
    }
}
