package io.panal.cli.json;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Reads and writes JSON trees: `Map`, `List`, `String`, `Long`, `Double`, `Boolean`, null.
public final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /// @throws IOException when the text is no JSON
    public static @Nullable Object read(byte[] text) throws IOException {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            return value(parser);
        } catch (JacksonException unreadable) {
            throw new IOException(unreadable.getOriginalMessage(), unreadable);
        }
    }

    /// Reads values that follow each other on a stream, such as events, one at a time.
    public static Sequence sequence(InputStream stream) {
        return new Sequence(FACTORY.createParser(ObjectReadContext.empty(), stream));
    }

    /// JSON values one after the other.
    public static final class Sequence implements AutoCloseable {
        private final JsonParser parser;

        private Sequence(JsonParser parser) {
            this.parser = parser;
        }

        /// @return null at the end of the stream
        /// @throws IOException when what arrives is no JSON
        public @Nullable Object next() throws IOException {
            try {
                return parser.nextToken() == null ? null : value(parser);
            } catch (JacksonException unreadable) {
                throw new IOException(unreadable.getOriginalMessage(), unreadable);
            }
        }

        @Override
        public void close() {
            parser.close();
        }
    }

    private static @Nullable Object value(JsonParser parser) {
        JsonToken token = parser.currentToken();
        if (token == null) {
            return null;
        }
        return switch (token) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    map.put(name, value(parser));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> number(parser);
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalStateException("no value starts with " + token);
        };
    }

    private static Object number(JsonParser parser) {
        return switch (parser.getNumberType()) {
            case INT, LONG -> parser.getLongValue();
            case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> parser.getBigIntegerValue();
        };
    }

    /// On one line without blanks, as Go's `json.Marshal`.
    public static String compact(@Nullable Object value) {
        return new Writer("", true).write(value);
    }

    /// As [#compact(Object)], with `<`, `>` and `&` as they are, as Go's encoder without its escaping of HTML.
    public static String plain(@Nullable Object value) {
        return new Writer("", false).write(value);
    }

    /// Over lines with the given indentation, as Go's `json.MarshalIndent`.
    public static String indented(@Nullable Object value, String indentation) {
        return new Writer(indentation, true).write(value);
    }

    /// A text in double quotes as Go's `strconv.Quote` writes it: markup stays as it is.
    public static String quoted(String text) {
        var out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
