package io.panal.core.api;

import io.panal.core.codec.Codec;
import io.panal.core.model.Id;
import io.panal.core.model.ServiceSpec;
import io.panal.core.model.Unsigned;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Makes a client's tree fit a record as Go's `encoding/json` fits one into a struct: a name counts whatever its
/// capitals are, a value of another type is refused, and so is a number that the type cannot hold.
///
/// What were let through would come back to Docker's own clients, and one that cannot read it reads nothing at all.
final class Shape {
    /// Where in a body a value stands.
    ///
    /// @param struct the record that holds it
    /// @param path its name and those of what it stands in, joined by dots; empty for the body itself
    /// @param unsigned whether a number there is at least 0
    private record Place(String struct, String path, boolean unsigned) {
        Place in(Class<?> record, String name, boolean isUnsigned) {
            // Docker's one struct whose name is not ours.
            String struct =
                    record.equals(ServiceSpec.Mode.Replicated.class) ? "ReplicatedService" : record.getSimpleName();
            return new Place(struct, path.isEmpty() ? name : path + "." + name, isUnsigned);
        }

        ApiRefusal refused(String found, Type wanted) {
            String type = goType(wanted, unsigned);
            return new ApiRefusal(
                    400,
                    path.isEmpty()
                            ? "json: cannot unmarshal %s into Go value of type %s".formatted(found, type)
                            : "json: cannot unmarshal %s into Go struct field %s.%s of type %s"
                                    .formatted(found, struct, path, type));
        }
    }

    private Shape() {}

    /// The body with the record's own spelling; `null` counts as a body that says nothing.
    ///
    /// @throws ApiRefusal 400, in Go's words, when a value is of another type
    static ObjectNode fit(JsonNode tree, Class<? extends Record> type) {
        if (tree.isNull()) {
            return JsonNodeFactory.instance.objectNode();
        }
        return record(tree, type, new Place("", "", false));
    }

    private static JsonNode value(JsonNode tree, Type type, Place place) {
        if (tree.isNull()) {
            return tree;
        }
        return switch (type) {
            case ParameterizedType generic -> generic(tree, generic, place);
            case Class<?> plain -> plain(tree, plain, place);
            default -> tree;
        };
    }

    private static JsonNode generic(JsonNode tree, ParameterizedType type, Place place) {
        Type inner = type.getActualTypeArguments()[type.getActualTypeArguments().length - 1];
        if (type.getRawType() == Optional.class) {
            return value(tree, inner, place);
        }
        if (type.getRawType() == List.class) {
            require(tree.isArray(), tree, type, place);
            var fitted = JsonNodeFactory.instance.arrayNode();
            tree.forEach(element -> fitted.add(value(element, inner, place)));
            return fitted;
        }
        if (type.getRawType() == Map.class) {
            require(tree.isObject(), tree, type, place);
            ObjectNode fitted = JsonNodeFactory.instance.objectNode();
            tree.properties().forEach(entry -> fitted.set(entry.getKey(), value(entry.getValue(), inner, place)));
            return fitted;
        }
        return plain(tree, (Class<?>) type.getRawType(), place);
    }

    private static JsonNode plain(JsonNode tree, Class<?> type, Place place) {
        if (type == String.class || type == Id.class || type.isEnum()) {
            require(tree.isString(), tree, type, place);
        } else if (type == boolean.class || type == Boolean.class) {
            require(tree.isBoolean(), tree, type, place);
        } else if (type == double.class) {
            require(tree.isNumber(), tree, type, place);
        } else if (type == int.class || type == long.class || type == Long.class || type == Duration.class) {
            whole(tree, type, place);
        } else if (type.isRecord()) {
            return record(tree, type, place);
        } else if (type.isSealed()) {
            return oneOf(tree, type, place);
        }
        return tree;
    }

    private static void whole(JsonNode tree, Class<?> type, Place place) {
        require(tree.isNumber(), tree, type, place);
        boolean held = type == int.class ? tree.canConvertToInt() : tree.canConvertToLong();
        if (!tree.isIntegralNumber() || !held || (place.unsigned() && tree.asLong() < 0)) {
            throw place.refused("number " + tree.asString(), type);
        }
    }

    private static ObjectNode record(JsonNode tree, Class<?> type, Place place) {
        require(tree.isObject(), tree, type, place);
        Map<String, RecordComponent> components = new TreeMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            components.put(Codec.nameOf(component), component);
        }
        ObjectNode fitted = JsonNodeFactory.instance.objectNode();
        tree.properties().forEach(entry -> {
            String name = spelled(entry.getKey(), components.keySet());
            RecordComponent component = components.get(name);
            // What is not known is left to the reader, who passes it over.
            fitted.set(name, component == null ? entry.getValue() : held(entry.getValue(), component, name, place));
        });
        return fitted;
    }

    private static JsonNode held(JsonNode tree, RecordComponent component, String name, Place place) {
        boolean unsigned = component.isAnnotationPresent(Unsigned.class);
        return value(tree, component.getGenericType(), place.in(component.getDeclaringRecord(), name, unsigned));
    }

    /// An object with one key, which says of what kind its value is; other keys say nothing.
    private static JsonNode oneOf(JsonNode tree, Class<?> type, Place place) {
        require(tree.isObject(), tree, type, place);
        Map<String, Class<?>> kinds = new TreeMap<>();
        for (Class<?> kind : type.getPermittedSubclasses()) {
            kinds.put(kind.getSimpleName(), kind);
        }
        ObjectNode fitted = JsonNodeFactory.instance.objectNode();
        tree.properties().forEach(entry -> {
            String name = spelled(entry.getKey(), kinds.keySet());
            Class<?> kind = kinds.get(name);
            if (kind != null) {
                fitted.set(name, value(entry.getValue(), kind, place.in(type, name, false)));
            }
        });
        return fitted;
    }

    private static String spelled(String key, Iterable<String> names) {
        for (String name : names) {
            if (name.equalsIgnoreCase(key)) {
                return name;
            }
        }
        return key;
    }

    private static void require(boolean fits, JsonNode tree, Type wanted, Place place) {
        if (!fits) {
            throw place.refused(kind(tree), wanted);
        }
    }

    static String kind(JsonNode tree) {
        return switch (tree.getNodeType()) {
            case ARRAY -> "array";
            case STRING -> "string";
            case NUMBER -> "number";
            case BOOLEAN -> "bool";
            case OBJECT -> "object";
            case NULL, MISSING, BINARY, POJO -> "null";
        };
    }

    private static String goType(@Nullable Type type, boolean unsigned) {
        if (type instanceof ParameterizedType generic) {
            Type[] inner = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class) {
                return "[]" + goType(inner[0], false);
            }
            return generic.getRawType() == Map.class
                    ? "map[string]" + goType(inner[1], false)
                    : goType(inner[0], unsigned);
        }
        if (type == long.class || type == Long.class) {
            return unsigned ? "uint64" : "int64";
        }
        if (type == int.class) {
            return unsigned ? "uint32" : "int";
        }
        if (type == double.class) {
            return "float32";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "bool";
        }
        if (type == String.class || type == Id.class) {
            return "string";
        }
        if (type == Duration.class) {
            return "time.Duration";
        }
        return type instanceof Class<?> plain ? "swarm." + plain.getSimpleName() : "interface {}";
    }
}
