package io.hypertoken.server.events.schema;

import io.hypertoken.json.JsonMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads the file of all types: the part of JSON Schema that it uses, and nothing besides.
final class SchemaFile {
    static final String NAME = "events.schema.json";

    private static final String NULL = "null";

    private SchemaFile() {}

    /// The types of the file, by name, in its order.
    static Map<String, EventType> read() {
        var types = new LinkedHashMap<String, EventType>();
        object(file().get("$defs")).forEach((name, schema) -> types.put(name, type(name, object(schema))));
        return types;
    }

    private static Map<String, @Nullable Object> file() {
        try (InputStream in = SchemaFile.class.getResourceAsStream(NAME)) {
            if (in == null) {
                throw new IllegalStateException(NAME + " is not in the jar");
            }
            return JsonMessage.read(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + NAME, e);
        }
    }

    private static EventType type(String name, Map<String, @Nullable Object> schema) {
        List<@Nullable Object> required = array(schema.get("required"));
        var fields = new ArrayList<EventField>();
        object(schema.get("properties"))
                .forEach((field, of) -> fields.add(field(field, object(of), required.contains(field))));
        List<String> anyOf = array(schema.getOrDefault("anyOf", List.of())).stream()
                .map(each -> String.valueOf(array(object(each).get("required")).getFirst()))
                .toList();
        return new EventType(name, String.valueOf(schema.get("description")), fields, anyOf);
    }

    private static EventField field(String name, Map<String, @Nullable Object> schema, boolean required) {
        Object type = schema.get("type");
        List<@Nullable Object> kinds = type instanceof List<?> ? array(type) : List.of(String.valueOf(type));
        Object words = schema.get("enum");
        Object values = schema.get("additionalProperties");
        var check = new EventField.Check(
                kinds.stream()
                        .filter(kind -> !NULL.equals(kind))
                        .map(SchemaFile::kind)
                        .toList(),
                kinds.contains(NULL),
                number(schema, "minimum", Double.NEGATIVE_INFINITY),
                number(schema, "maximum", Double.POSITIVE_INFINITY),
                (int) number(schema, "minLength", 0),
                (int) number(schema, "maxLength", Integer.MAX_VALUE),
                words == null ? null : array(words),
                values == null ? null : kind(object(values).get("type")));
        Object derivedAs = schema.get("x-derive");
        return new EventField(
                name,
                check.rule(),
                required,
                derivedAs == null ? null : derivedAs.toString(),
                String.valueOf(schema.get("description")),
                check);
    }

    private static FieldKind kind(@Nullable Object word) {
        return FieldKind.valueOf(String.valueOf(word).toUpperCase(Locale.ROOT));
    }

    private static double number(Map<String, @Nullable Object> schema, String name, double otherwise) {
        return schema.get(name) instanceof Number number ? number.doubleValue() : otherwise;
    }

    @SuppressWarnings("unchecked") // JsonMessage makes no other maps
    private static Map<String, @Nullable Object> object(@Nullable Object part) {
        return (Map<String, @Nullable Object>) Objects.requireNonNull(part);
    }

    @SuppressWarnings("unchecked") // JsonMessage makes no other lists
    private static List<@Nullable Object> array(@Nullable Object part) {
        return (List<@Nullable Object>) Objects.requireNonNull(part);
    }
}
