package io.panal.core.codec;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;
import tools.jackson.databind.type.LogicalType;
import tools.jackson.dataformat.smile.SmileMapper;

/// The two forms of every record: JSON as the Engine API spells it, and Smile for log, snapshot and links.
///
/// Absent collections and texts read as empty ones; durations are nanoseconds, instants RFC 3339.
/// A number is no text, nor the other way round.
public final class Codec {
    /// The Engine API's form.
    public static final Codec JSON = new Codec(configured(JsonMapper.builder()));

    /// The compact form, of the same names.
    public static final Codec BINARY = new Codec(configured(SmileMapper.builder()));

    private static final Spelling SPELLING = new Spelling();

    private final ObjectMapper mapper;

    private Codec(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    private static <M extends ObjectMapper, B extends MapperBuilder<M, B>> M configured(B builder) {
        JsonSetter.Value empties = JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY, Nulls.AS_EMPTY);
        return builder.propertyNamingStrategy(new Spelling())
                .changeDefaultPropertyInclusion(
                        _ -> JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
                .withConfigOverride(String.class, override -> override.setNullHandling(empties))
                .withConfigOverride(List.class, override -> override.setNullHandling(empties))
                .withConfigOverride(Map.class, override -> override.setNullHandling(empties))
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(
                        LogicalType.Textual,
                        texts -> texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
                .addModule(new SimpleModule()
                        .addSerializer(Duration.class, new NanosecondsOut())
                        .addDeserializer(Duration.class, new NanosecondsIn())
                        .addSerializer(double.class, new ShortestOut())
                        .addSerializer(Double.class, new ShortestOut())
                        .addSerializer(Instant.class, new Rfc3339Out())
                        .addDeserializer(Instant.class, new Rfc3339In()))
                .build();
    }

    /// A moment as both forms write it: as Go's `time.RFC3339Nano`, without zeros at the fraction's end.
    public static String text(Instant moment) {
        String text = moment.toString();
        int end = text.length() - 1;
        while (text.indexOf('.') > 0 && text.charAt(end - 1) == '0') {
            end--;
        }
        return text.substring(0, end) + "Z";
    }

    /// What a record's component is called in both forms.
    public static String nameOf(RecordComponent component) {
        JsonProperty given = component.getAccessor().getAnnotation(JsonProperty.class);
        return given == null ? SPELLING.translate(component.getName()) : given.value();
    }

    public byte[] write(Object value) {
        return mapper.writeValueAsBytes(value);
    }

    /// @throws Malformed when the bytes are not such a record
    public <T> T read(byte[] bytes, Class<T> type) {
        try {
            return mapper.readValue(bytes, type);
        } catch (JacksonException malformed) {
            throw new Malformed(malformed);
        }
    }

    /// @throws Malformed when the bytes are not a list of such records
    public <T> List<T> readList(byte[] bytes, Class<T> element) {
        try {
            return mapper.readValue(bytes, mapper.getTypeFactory().constructCollectionType(List.class, element));
        } catch (JacksonException malformed) {
            throw new Malformed(malformed);
        }
    }

    /// The value as a tree, to be changed before it is shown.
    public JsonNode tree(Object value) {
        return mapper.valueToTree(value);
    }

    /// @throws Malformed when the bytes are no JSON
    public JsonNode parse(byte[] bytes) {
        try {
            return mapper.readTree(bytes);
        } catch (JacksonException malformed) {
            throw new Malformed(malformed);
        }
    }

    /// @throws Malformed when the tree is not such a record
    public <T> T bind(JsonNode tree, Class<T> type) {
        try {
            return mapper.treeToValue(tree, type);
        } catch (JacksonException malformed) {
            throw new Malformed(malformed);
        }
    }

    /// Bytes or a tree that do not spell what was asked for; the message is fit for a user.
    public static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Malformed(JacksonException cause) {
            super(cause.getOriginalMessage(), cause);
        }
    }

    private static final class NanosecondsOut extends StdSerializer<Duration> {
        NanosecondsOut() {
            super(Duration.class);
        }

        @Override
        public void serialize(Duration value, JsonGenerator out, SerializationContext context) {
            out.writeNumber(value.toNanos());
        }
    }

    private static final class NanosecondsIn extends StdDeserializer<Duration> {
        NanosecondsIn() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser in, DeserializationContext context) {
            if (in.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                return context.reportInputMismatch(Duration.class, "a duration is a number of nanoseconds");
            }
            return Duration.ofNanos(in.getLongValue());
        }
    }

    /// As Go writes it: a whole number has no point.
    private static final class ShortestOut extends StdSerializer<Double> {
        ShortestOut() {
            super(Double.class);
        }

        @Override
        public void serialize(Double value, JsonGenerator out, SerializationContext context) {
            if (value == Math.rint(value) && Math.abs(value) < 1e15) {
                out.writeNumber(value.longValue());
            } else {
                out.writeNumber(value);
            }
        }
    }

    private static final class Rfc3339Out extends StdSerializer<Instant> {
        Rfc3339Out() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator out, SerializationContext context) {
            out.writeString(text(value));
        }
    }

    /// The zero time of Go, year 1, is what clients send for "never".
    private static final class Rfc3339In extends StdDeserializer<Instant> {
        Rfc3339In() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser in, DeserializationContext context) {
            try {
                return OffsetDateTime.parse(in.getString()).toInstant();
            } catch (DateTimeParseException wrong) {
                return context.reportInputMismatch(Instant.class, "a time is written as RFC 3339 says");
            }
        }
    }
}
