package io.panal.cli.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A Go text template with the docker client's functions: `json`, `split`, `join`, `title`, `lower`, `upper`, `pad`,
/// `truncate`, and Go's own (`printf`, `index`, `len`, `eq`, ...).
///
/// Data is made of maps, lists, strings, numbers, booleans, nulls, [Row] and [Function].
public final class Template {
    private final String text;
    private final List<Part> parts;
    private final Map<String, List<Part>> definitions;

    private Template(String text, List<Part> parts, Map<String, List<Part>> definitions) {
        this.text = text;
        this.parts = parts;
        this.definitions = definitions;
    }

    /// @throws TemplateFailure when the text is no template; the message is Go's
    public static Template parse(String text) {
        var parser = new Parser(text);
        List<Part> parts = parser.parse();
        return new Template(text, parts, parser.definitions());
    }

    /// @throws TemplateFailure when the data does not fit
    public String render(@Nullable Object data) {
        return text(new Run(definitions, data, false));
    }

    /// The line of column headers: functions that would change the text leave it as it is.
    public String renderHeader(Row headers) {
        return text(new Run(definitions, headers, true));
    }

    private String text(Run run) {
        try {
            return run.text(parts);
        } catch (TemplateFailure unfit) {
            throw unfit.isUnreadable() ? unfit : unfit.in(text);
        }
    }
}
