package io.panal.cli.template;

import io.panal.cli.template.Part.Call;
import io.panal.cli.template.Part.Operand;
import io.panal.cli.template.Part.Pipeline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads a template's pieces into a tree.
final class Parser {
    private static final Pipeline DOT = new Pipeline(List.of(), false, List.of(new Call(List.of(new Operand.Dot()))));

    private final List<Lexer.Piece> pieces;
    private final Map<String, List<Part>> definitions = new LinkedHashMap<>();
    private int at;
    private String closedBy = "";

    Parser(String template) {
        this.pieces = Lexer.pieces(template);
    }

    /// The named templates (`define`) of the text read.
    Map<String, List<Part>> definitions() {
        return definitions;
    }

    List<Part> parse() {
        List<Part> parts = block();
        if (!closedBy.isEmpty()) {
            throw TemplateFailure.unreadable("unexpected {{" + closedBy + "}}");
        }
        return parts;
    }

    /// Parts up to `end`, `else` or the end of the text; what closed it is in [#closedBy].
    private List<Part> block() {
        var parts = new ArrayList<Part>();
        while (at < pieces.size()) {
            Lexer.Piece piece = pieces.get(at++);
            if (!piece.action()) {
                parts.add(new Part.Text(piece.text()));
                continue;
            }
            String word = firstWord(piece.text());
            if (word.equals("end") || word.equals("else")) {
                closedBy = piece.text();
                return parts;
            }
            action(word, piece.text(), parts);
        }
        closedBy = "";
        return parts;
    }

    private static String firstWord(String action) {
        int end = 0;
        while (end < action.length() && Character.isLetter(action.charAt(end))) {
            end++;
        }
        return action.substring(0, end);
    }

    private void action(String word, String text, List<Part> parts) {
        String rest = text.substring(word.length());
        switch (word) {
            case "if", "with", "range" -> parts.add(control(word, rest));
            case "break" -> parts.add(new Part.Break());
            case "continue" -> parts.add(new Part.Continue());
            case "define" -> definitions.put(Words.unquoted(rest.strip()), closed("define"));
            case "block" -> {
                Part.Invoke invoke = invocation(rest);
                definitions.put(invoke.name(), closed("block"));
                parts.add(invoke);
            }
            case "template" -> parts.add(invocation(rest));
            default -> parts.add(new Part.Show(pipeline(text)));
        }
    }

    private Part.Invoke invocation(String rest) {
        List<String> words = new ArrayList<>(Lexer.words(rest.strip()));
        String name = Words.unquoted(words.removeFirst());
        String data = String.join("", words).strip();
        return new Part.Invoke(name, data.isEmpty() ? DOT : pipeline(data));
    }

    private List<Part> closed(String what) {
        List<Part> parts = block();
        if (!closedBy.equals("end")) {
            throw TemplateFailure.unreadable(closedBy.isEmpty() ? "unexpected EOF" : "unexpected {{else}} in " + what);
        }
        closedBy = "";
        return parts;
    }

    private Part control(String word, String rest) {
        if (rest.isBlank()) {
            throw TemplateFailure.unreadable("missing value for " + word);
        }
        Pipeline pipeline = pipeline(rest);
        List<Part> then = block();
        String closing = closedBy;
        List<Part> otherwise = List.of();
        if (closing.startsWith("else")) {
            String more = closing.substring(4).strip();
            if (more.isEmpty()) {
                otherwise = closed(word);
            } else {
                String next = firstWord(more);
                otherwise = List.of(control(next, more.substring(next.length())));
            }
        } else if (closing.isEmpty()) {
            throw TemplateFailure.unreadable("unexpected EOF");
        }
        closedBy = "";
        return switch (word) {
            case "if" -> new Part.If(pipeline, then, otherwise);
            case "with" -> new Part.With(pipeline, then, otherwise);
            default -> new Part.Range(pipeline, then, otherwise);
        };
    }

    private static Pipeline pipeline(String text) {
        var words = new Words(Lexer.words(text.strip()));
        Pipeline pipeline = words.pipeline();
        words.expectEnd();
        return pipeline;
    }
}
