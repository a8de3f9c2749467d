package io.panal.cli.template;

import io.panal.cli.template.Part.Call;
import io.panal.cli.template.Part.Operand;
import io.panal.cli.template.Part.Pipeline;
import java.util.ArrayList;
import java.util.List;

/// Reads the words of one action.
final class Words {
    private final List<String> words;
    private int at;

    Words(List<String> words) {
        this.words = words;
    }

    void expectEnd() {
        if (at < words.size()) {
            throw TemplateFailure.unreadable("unexpected \"" + words.get(at) + "\" in command");
        }
    }

    Pipeline pipeline() {
        var variables = new ArrayList<String>();
        int start = at;
        boolean declares = false;
        boolean assigns = false;
        while (peek().startsWith("$")) {
            variables.add(take());
            skipBlank();
            String next = peek();
            if (next.equals(":=") || next.equals("=")) {
                declares = next.equals(":=");
                assigns = true;
                at++;
                break;
            }
            if (!next.equals(",")) {
                break;
            }
            at++;
            skipBlank();
        }
        if (!assigns) {
            variables.clear();
            at = start;
        }
        return new Pipeline(List.copyOf(variables), declares, calls());
    }

    private List<Call> calls() {
        var calls = new ArrayList<Call>();
        while (true) {
            var operands = new ArrayList<Operand>();
            skipBlank();
            while (at < words.size() && !peek().equals("|") && !peek().equals(")")) {
                operands.add(operand());
                skipBlank();
            }
            if (operands.isEmpty()) {
                throw TemplateFailure.unreadable("missing value for command");
            }
            calls.add(new Call(List.copyOf(operands)));
            if (!peek().equals("|")) {
                return List.copyOf(calls);
            }
            at++;
        }
    }

    private Operand operand() {
        String word = take();
        char first = word.charAt(0);
        if (first == '(') {
            Pipeline inside = pipeline();
            if (!peek().equals(")")) {
                throw TemplateFailure.unreadable("unclosed left paren");
            }
            at++;
            return new Operand.Nested(inside, fields());
        }
        if (first == '.') {
            if (word.length() == 1) {
                return new Operand.Dot();
            }
            at--;
            return new Operand.Field(fields());
        }
        if (first == '$') {
            return new Operand.Variable(word, fields());
        }
        return literal(word, first);
    }

    private static Operand literal(String word, char first) {
        if (first == '"' || first == '`' || first == '\'') {
            return first == '\''
                    ? new Operand.Literal((long) unquoted(word).codePointAt(0))
                    : new Operand.Literal(unquoted(word));
        }
        if (Character.isDigit(first) || first == '-' || first == '+') {
            return new Operand.Literal(number(word));
        }
        return switch (word) {
            case "true" -> new Operand.Literal(true);
            case "false" -> new Operand.Literal(false);
            case "nil" -> new Operand.Literal(null);
            default -> {
                if (!Functions.isKnown(word)) {
                    throw TemplateFailure.unreadable("function \"" + word + "\" not defined");
                }
                yield new Operand.Named(word);
            }
        };
    }

    private static Object number(String word) {
        try {
            if (word.indexOf('.') >= 0) {
                return Double.valueOf(word);
            }
            return Long.decode(word);
        } catch (NumberFormatException _) {
            throw TemplateFailure.unreadable("bad number syntax: \"" + word + "\"");
        }
    }

    private List<String> fields() {
        var names = new ArrayList<String>();
        while (peek().startsWith(".") && peek().length() > 1) {
            names.add(take().substring(1));
        }
        return List.copyOf(names);
    }

    private String peek() {
        return at < words.size() ? words.get(at) : "";
    }

    private String take() {
        return words.get(at++);
    }

    private void skipBlank() {
        if (peek().equals(" ")) {
            at++;
        }
    }

    /// A Go string without its quotes and with its escapes read.
    static String unquoted(String word) {
        if (word.length() < 2 || "\"`'".indexOf(word.charAt(0)) < 0) {
            throw TemplateFailure.unreadable("unexpected \"" + word + "\"");
        }
        String inside = word.substring(1, word.length() - 1);
        return word.charAt(0) == '`' || inside.indexOf('\\') < 0 ? inside : inside.translateEscapes();
    }
}
