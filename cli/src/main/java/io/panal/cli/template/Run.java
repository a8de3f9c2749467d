package io.panal.cli.template;

import io.panal.cli.template.Part.Call;
import io.panal.cli.template.Part.End;
import io.panal.cli.template.Part.Operand;
import io.panal.cli.template.Part.Pipeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One execution of a template.
///
/// No switch over types in here: the first one of a run costs as much as the rest of a quick command.
final class Run {
    private final StringBuilder out = new StringBuilder();
    private final Map<String, List<Part>> definitions;
    private final boolean header;
    private Map<String, @Nullable Object> variables = new HashMap<>();

    Run(Map<String, List<Part>> definitions, @Nullable Object data, boolean header) {
        this.definitions = definitions;
        this.header = header;
        variables.put("$", data);
    }

    /// Whether the line of column headers is rendered.
    boolean isHeader() {
        return header;
    }

    String text(List<Part> parts) {
        block(parts, variables.get("$"));
        return out.toString();
    }

    void write(String text) {
        out.append(text);
    }

    End block(List<Part> parts, @Nullable Object dot) {
        for (Part part : parts) {
            End end = part.run(this, dot);
            if (end != End.REACHED) {
                return end;
            }
        }
        return End.REACHED;
    }

    void invoke(String name, @Nullable Object data) {
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

    End range(Part.Range range, @Nullable Object dot) {
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
        if (over instanceof Map<?, ?> map) {
            map.forEach((key, value) -> entries.put(String.valueOf(key), value));
        } else if (over instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                entries.put((long) i, list.get(i));
            }
        } else if (over instanceof Long count) {
            for (long i = 0; i < count; i++) {
                entries.put(i, i);
            }
        } else if (over != null && over != Missing.VALUE) {
            throw TemplateFailure.unfit("range can't iterate over " + GoText.shown(over));
        }
        return entries;
    }

    @Nullable
    Object value(Pipeline pipeline, @Nullable Object dot) {
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
            arguments.add(operand.value(this, dot, List.of()));
        }
        arguments.addAll(piped);
        Object value = first.value(this, dot, arguments);
        boolean takes = first instanceof Operand.Named || first instanceof Operand.Field;
        if (!arguments.isEmpty() && !takes) {
            throw TemplateFailure.unfit("can't give argument to non-function " + first.shown());
        }
        return value;
    }

    @Nullable
    Object variable(String name) {
        if (!variables.containsKey(name)) {
            throw TemplateFailure.unreadable("undefined variable \"" + name + "\"");
        }
        return variables.get(name);
    }

    @Nullable
    Object chain(@Nullable Object start, List<String> names, List<@Nullable Object> arguments) {
        Object value = start;
        for (int i = 0; i < names.size(); i++) {
            boolean last = i == names.size() - 1;
            value = field(value, names.subList(0, i + 1), last ? arguments : List.of());
        }
        return value;
    }

    private static @Nullable Object field(
            @Nullable Object holder, List<String> chain, List<@Nullable Object> arguments) {
        String name = chain.getLast();
        Object value = member(holder, chain);
        if (value instanceof Function function) {
            return function.call(arguments);
        }
        if (!arguments.isEmpty()) {
            throw TemplateFailure.unfit(at(chain) + name + " has arguments but cannot be invoked as function");
        }
        return value;
    }

    private static @Nullable Object member(@Nullable Object holder, List<String> chain) {
        String name = chain.getLast();
        if (holder instanceof Row row && row.fields().containsKey(name)) {
            return row.fields().get(name);
        }
        if (holder instanceof Map<?, ?> map) {
            return map.containsKey(name) ? map.get(name) : Missing.VALUE;
        }
        if (holder == null || holder == Missing.VALUE) {
            throw TemplateFailure.unfit(at(chain) + "nil pointer evaluating interface {}." + name);
        }
        throw TemplateFailure.unfit(at(chain) + "can't evaluate field " + name + " in type " + GoText.typeOf(holder));
    }

    private static String at(List<String> chain) {
        return "executing \"\" at <." + String.join(".", chain) + ">: ";
    }
}
