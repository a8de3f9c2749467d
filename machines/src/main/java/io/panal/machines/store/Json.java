package io.panal.machines.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/// JSON as plain maps, lists, texts, numbers and booleans; a null is left out.
public final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /// An object of alternating names and values, in that order.
    public static Map<String, Object> object(Object... namesAndValues) {
        var object = new LinkedHashMap<String, Object>();
        for (var i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    /// Reads one object.
    ///
    /// @throws JsonUnreadable when the text is anything else
    public static Map<String, Object> read(String text) throws JsonUnreadable {
        try (var parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new JsonUnreadable("not a JSON object", null);
            }
            return fields(parser);
        } catch (JacksonException unreadable) {
            throw new JsonUnreadable(unreadable.getOriginalMessage(), unreadable);
        }
    }

    private static Map<String, Object> fields(JsonParser parser) {
        var object = new LinkedHashMap<String, Object>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            var name = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_NULL) {
                object.put(name, value(parser));
            }
        }
        return object;
    }

    private static List<Object> elements(JsonParser parser) {
        var list = new ArrayList<Object>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.VALUE_NULL) {
                list.add(value(parser));
            }
        }
        return list;
    }

    private static Object value(JsonParser parser) {
        var token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            return fields(parser);
        }
        if (token == JsonToken.START_ARRAY) {
            return elements(parser);
        }
        if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
            return token == JsonToken.VALUE_TRUE;
        }
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return parser.getLongValue();
        }
        if (token == JsonToken.VALUE_NUMBER_FLOAT) {
            return parser.getDoubleValue();
        }
        return parser.getString();
    }

    /// Writes with four spaces of indentation, as docker-machine prints a machine.
    public static String pretty(Object value) {
        var out = new StringBuilder();
        write(out, value, "\n");
        return out.toString();
    }

    private static void write(StringBuilder out, Object value, String newLine) {
        switch (value) {
            case Map<?, ?> map -> {
                var deeper = newLine + "    ";
                var separator = "";
                out.append('{');
                for (var entry : map.entrySet()) {
                    out.append(separator).append(deeper);
                    quote(out, entry.getKey().toString());
                    out.append(": ");
                    write(out, entry.getValue(), deeper);
                    separator = ",";
                }
                out.append(map.isEmpty() ? "" : newLine).append('}');
            }
            case List<?> list -> {
                var deeper = newLine + "    ";
                var separator = "";
                out.append('[');
                for (var element : list) {
                    out.append(separator).append(deeper);
                    write(out, element, deeper);
                    separator = ",";
                }
                out.append(list.isEmpty() ? "" : newLine).append(']');
            }
            case Number number -> out.append(number);
            case Boolean bool -> out.append(bool);
            default -> quote(out, value.toString());
        }
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"')
                .append(JsonStringEncoder.getInstance().quoteAsCharArray(text))
                .append('"');
    }
}
