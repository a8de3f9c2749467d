package io.panal.cli.shown;

import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.json.Json;
import io.panal.cli.json.Tree;
import io.panal.cli.template.Function;
import io.panal.cli.template.Row;
import io.panal.cli.template.Template;
import io.panal.cli.template.TemplateFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What every `inspect` has in common: several references, JSON or a template, errors after what was found.
public final class Inspection {
    private Inspection() {}

    /// Finds what a reference means.
    @FunctionalInterface
    public interface Lookup {
        Tree find(String reference) throws Failure, IOException;
    }

    /// Prints one object for people.
    @FunctionalInterface
    public interface Pretty {
        String show(Tree object) throws Failure, IOException;
    }

    /// What is inspected: a template may not name a field such a thing never has.
    ///
    /// @param type its name in a refusal, such as `swarm.Node`; empty when any field may be asked for
    /// @param optional fields that not every one of them has
    public record Kind(String type, List<String> optional) {
        /// Something whose fields are not known.
        public static final Kind ANY = new Kind("", List.of());

        @Nullable
        Object data(Tree object) {
            if (type.isEmpty()) {
                return object.map();
            }
            Map<String, @Nullable Object> fields = new LinkedHashMap<>(object.map());
            for (String name : optional) {
                fields.putIfAbsent(name, (Function) _ -> null);
            }
            return new Row(type, fields, true);
        }
    }

    /// Prints JSON, on one line when `json` is the format, or each object by a template.
    public static int run(List<String> references, String format, Kind kind, Lookup lookup, Session session)
            throws Failure, IOException {
        if (!format.isEmpty() && !format.equals("json")) {
            Template template = Template.parse(format);
            return run(references, object -> template.render(kind.data(object)) + "\n", "\n", lookup, session);
        }
        List<Map<String, @Nullable Object>> found = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        for (String reference : references) {
            try {
                found.add(lookup.find(reference).map());
            } catch (IOException | Failure refused) {
                errors.add(String.valueOf(refused.getMessage()));
            }
        }
        session.out().print((format.isEmpty() ? Json.indented(found, "    ") : Json.compact(found)) + "\n");
        return finish(errors);
    }

    /// Prints each object in the given way.
    public static int run(List<String> references, Pretty pretty, Lookup lookup, Session session)
            throws Failure, IOException {
        return run(references, pretty, "", lookup, session);
    }

    /// @param nothing printed when nothing was found
    private static int run(List<String> references, Pretty pretty, String nothing, Lookup lookup, Session session)
            throws Failure, IOException {
        List<String> errors = new ArrayList<>();
        for (String reference : references) {
            try {
                session.out().print(pretty.show(lookup.find(reference)));
            } catch (IOException | Failure refused) {
                errors.add(String.valueOf(refused.getMessage()));
            } catch (TemplateFailure unfit) {
                errors.add("template parsing error: " + unfit.getMessage());
            }
        }
        if (errors.size() == references.size()) {
            session.out().print(nothing);
        }
        return finish(errors);
    }

    private static int finish(List<String> errors) throws Failure {
        if (!errors.isEmpty()) {
            throw Failure.because(String.join("\n", errors));
        }
        return 0;
    }
}
