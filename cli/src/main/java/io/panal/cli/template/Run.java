package io.panal.cli.template;

import io.panal.cli.template.Part.Call;
import io.panal.cli.template.Part.Operand;
import io.panal.cli.template.Part.Pipeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One execution of a template.
final class Run {
    /// How a block ended.
    private enum End {
        REACHED,
        BREAK,
        CONTINUE
    }

    private final StringBuilder out = new StringBuilder();
    private final Map<String, List<Part>> definitions;
    private final boolean header;
    private Map<String, @Nullable Object> variables = new HashMap<>();

    Run(Map<String, List<Part>> definitions, @Nullable Object data, boolean header) {
        this.definitions = definitions;
        this.header = header;
        variables.put("$", data);
    }

    String text(List<Part> parts) {
        block(parts, variables.get("$"));
        return out.toString();
    }

    private End block(List<Part> parts, @Nullable Object dot) {
        for (Part part : parts) {
            End end = part(part, dot);
            if (end != End.REACHED) {
                return end;
            }
        }
        return End.REACHED;
    }

    private End part(Part part, @Nullable Object dot) {
        switch (part) {
            case Part.Text(String text) -> out.append(text);
            case Part.Show(Pipeline pipeline) -> {
                Object value = value(pipeline, dot);
                if (pipeline.variables().isEmpty()) {
                    out.append(GoText.shown(value));
                }
            }
            case Part.If(Pipeline condition, List<Part> then, List<Part> otherwise) -> {
                return GoText.isTrue(value(condition, dot)) ? block(then, dot) : block(otherwise, dot);
            }
            case Part.With(Pipeline pipeline, List<Part> then, List<Part> otherwise) -> {
                Object value = value(pipeline, dot);
                return GoText.isTrue(value) ? block(then, value) : block(otherwise, dot);
            }
            case Part.Range range -> {
                return range(range, dot);
            }
            case Part.Invoke(String name, Pipeline data) -> invoke(name, value(data, dot));
            case Part.Break _ -> {
                return End.BREAK;
            }
            case Part.Continue _ -> {
                return End.CONTINUE;
            }
        }
        return End.REACHED;
    }

    private void invoke(String name, @Nullable Object data) {
        List<Part> parts = definitions.get(name);
        if (parts == null) {
            throw TemplateFailure.unfit("template \"" + name + "\" not defined");
        }
        Map<String, @Nullable Object> outer = variables;
        variables = new HashMap<>();
        variables.put("$", data);
        block(parts, data);
        variables = outer;
    }

    private End range(Part.Range range, @Nullable Object dot) {
        Object over = valueOnly(range.over(), dot);
        boolean any = false;
        for (Map.Entry<Object, @Nullable Object> entry : entries(over).entrySet()) {
            any = true;
            bind(range.over().variables(), entry);
            if (block(range.body(), entry.getValue()) == End.BREAK) {
                break;
            }
        }
        return any ? End.REACHED : block(range.otherwise(), dot);
    }

    private void bind(List<String> names, Map.Entry<Object, @Nullable Object> entry) {
        if (names.size() == 1) {
            variables.put(names.getFirst(), entry.getValue());
        } else if (names.size() == 2) {
            variables.put(names.getFirst(), entry.getKey());
            variables.put(names.getLast(), entry.getValue());
        }
    }

    /// What a range goes through: a map in the order of its keys, a list by index, a number as so many steps.
    private static Map<Object, @Nullable Object> entries(@Nullable Object over) {
        var entries = new TreeMap<Object, @Nullable Object>();
        switch (over) {
            case null -> {}
            case Map<?, ?> map -> map.forEach((key, value) -> entries.put(String.valueOf(key), value));
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    entries.put((long) i, list.get(i));
                }
            }
            case Long count -> {
                for (long i = 0; i < count; i++) {
                    entries.put(i, i);
                }
            }
            default -> throw TemplateFailure.unfit("range can't iterate over " + GoText.shown(over));
        }
        return entries;
    }

    private @Nullable Object value(Pipeline pipeline, @Nullable Object dot) {
        Object value = valueOnly(pipeline, dot);
        for (String name : pipeline.variables()) {
            variables.put(name, value);
        }
        return value;
    }

    private @Nullable Object valueOnly(Pipeline pipeline, @Nullable Object dot) {
        Object value = null;
        boolean first = true;
        for (Call call : pipeline.calls()) {
            value = call(call, dot, first ? List.of() : wrapped(value));
            first = false;
        }
        return value;
    }

    private static List<@Nullable Object> wrapped(@Nullable Object value) {
        var list = new ArrayList<@Nullable Object>(1);
        list.add(value);
        return list;
    }

    private @Nullable Object call(Call call, @Nullable Object dot, List<@Nullable Object> piped) {
        Operand first = call.words().getFirst();
        var arguments = new ArrayList<@Nullable Object>();
        for (Operand operand : call.words().subList(1, call.words().size())) {
            arguments.add(operand(operand, dot, List.of()));
        }
        arguments.addAll(piped);
        Object value = operand(first, dot, arguments);
        boolean takes = first instanceof Operand.Named || first instanceof Operand.Field;
        if (!arguments.isEmpty() && !takes) {
            throw TemplateFailure.unfit("can't give argument to non-function " + describe(first));
        }
        return value;
    }

    private @Nullable Object operand(Operand operand, @Nullable Object dot, List<@Nullable Object> arguments) {
        return switch (operand) {
            case Operand.Dot _ -> dot;
            case Operand.Literal(Object value) -> value;
            case Operand.Field(List<String> names) -> chain(dot, names, arguments);
            case Operand.Variable(String name, List<String> names) -> {
                if (!variables.containsKey(name)) {
                    throw TemplateFailure.unreadable("undefined variable \"" + name + "\"");
                }
                yield chain(variables.get(name), names, arguments);
            }
            case Operand.Nested(Pipeline pipeline, List<String> names) -> chain(value(pipeline, dot), names, arguments);
            case Operand.Named(String name) -> Functions.call(name, arguments, header);
        };
    }

    private @Nullable Object chain(@Nullable Object start, List<String> names, List<@Nullable Object> arguments) {
        Object value = start;
        for (int i = 0; i < names.size(); i++) {
            boolean last = i == names.size() - 1;
            value = field(value, names.get(i), last ? arguments : List.of());
        }
        return value;
    }

    private @Nullable Object field(@Nullable Object holder, String name, List<@Nullable Object> arguments) {
        Object value = switch (holder) {
            case null -> throw TemplateFailure.unfit(at(name) + "nil pointer evaluating interface {}." + name);
            case Row row -> {
                if (!row.fields().containsKey(name)) {
                    throw TemplateFailure.unfit(at(name) + "can't evaluate field " + name + " in type " + row.kind());
                }
                yield row.fields().get(name);
            }
            case Map<?, ?> map -> map.containsKey(name) ? map.get(name) : Missing.VALUE;
            case Missing _ -> throw TemplateFailure.unfit(at(name) + "nil pointer evaluating interface {}." + name);
            default ->
                throw TemplateFailure.unfit(
                        at(name) + "can't evaluate field " + name + " in type " + GoText.typeOf(holder));
        };
        if (value instanceof Function function) {
            return function.call(arguments);
        }
        if (!arguments.isEmpty()) {
            throw TemplateFailure.unfit(at(name) + name + " has arguments but cannot be invoked as function");
        }
        return value;
    }

    private static String at(String name) {
        return "executing \"\" at <." + name + ">: ";
    }

    private static String describe(Operand operand) {
        return switch (operand) {
            case Operand.Dot _ -> ".";
            case Operand.Literal(Object value) -> GoText.shown(value);
            case Operand.Field(List<String> names) -> "." + String.join(".", names);
            case Operand.Variable(String name, List<String> _) -> name;
            case Operand.Named(String name) -> name;
            case Operand.Nested _ -> "(...)";
        };
    }
}
