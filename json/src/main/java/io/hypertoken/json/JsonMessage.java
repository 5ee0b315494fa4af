package io.hypertoken.json;

import static io.hypertoken.ErrorCode.BAD_JSON;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// Reads one JSON object: Map, List, String, Boolean, Long, Double or null, and [Beyond] for what no double holds.
public final class JsonMessage {
    /// Deeper than any space of ours, and shallow enough that no message can exhaust the stack.
    private static final int DEPTH = 32;

    private static final int LONGEST_WHY = 300;
    private static final String BRIDGE_EXAMPLE = "{\"cmd\":\"ping\"}";

    public static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH)
                    .maxNumberLength(400)
                    .build())
            .build();

    /// A number too large for a double, such as 1e400.
    public record Beyond(String digits) {
        @Override
        public String toString() {
            return digits;
        }
    }

    private JsonMessage() {}

    /// The object in these bytes.
    ///
    /// @throws HyperTokenException `bad_json`
    public static Map<String, @Nullable Object> read(byte[] bytes) {
        return read(bytes, BRIDGE_EXAMPLE);
    }

    /// The object in these bytes.
    ///
    /// @param example what to send, for the message
    /// @throws HyperTokenException `bad_json`
    public static Map<String, @Nullable Object> read(byte[] bytes, String example) {
        return document(bytes, example, parser -> whole(parser, parser.nextToken()));
    }

    /// The objects in these bytes: one, or an array of them.
    ///
    /// @throws HyperTokenException `bad_json`
    public static List<Map<String, @Nullable Object>> readSome(byte[] bytes) {
        return document(bytes, "{\"type\":\"note\",\"data\":{}}", parser -> {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_ARRAY) {
                return List.of(whole(parser, first));
            }
            var objects = new ArrayList<Map<String, @Nullable Object>>();
            for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                objects.add(whole(parser, next));
            }
            return objects;
        });
    }

    private static <T> T document(byte[] bytes, String example, Function<JsonParser, T> reader) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes, 0, bytes.length)) {
            T document = reader.apply(parser);
            if (parser.nextToken() != null) {
                throw new Bad("something follows the object");
            }
            return document;
        } catch (JacksonException e) {
            throw refusal(
                    Shown.shortened(e.getOriginalMessage().lines().findFirst().orElse("it breaks off"), LONGEST_WHY),
                    example);
        } catch (Bad e) {
            throw refusal(e.why, example);
        }
    }

    private static Map<String, @Nullable Object> whole(JsonParser parser, @Nullable JsonToken first) {
        if (first != JsonToken.START_OBJECT) {
            throw new Bad("it does not begin with {");
        }
        return object(parser);
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) {
        var object = new LinkedHashMap<String, @Nullable Object>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            if (object.containsKey(name)) {
                throw new Bad("it has " + Shown.value(name) + " twice");
            }
            object.put(name, value(parser, parser.nextToken()));
        }
        return object;
    }

    private static List<@Nullable Object> array(JsonParser parser) {
        var array = new ArrayList<@Nullable Object>();
        JsonToken token = parser.nextToken();
        while (token != JsonToken.END_ARRAY) {
            array.add(value(parser, token));
            token = parser.nextToken();
        }
        return array;
    }

    private static @Nullable Object value(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getString();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> number(parser);
            default -> throw new Bad("it breaks off");
        };
    }

    private static Object integer(JsonParser parser) {
        return switch (parser.getNumberType()) {
            case INT, LONG -> parser.getLongValue();
            default -> number(parser);
        };
    }

    private static Object number(JsonParser parser) {
        double number = Double.parseDouble(parser.getString());
        return Double.isInfinite(number) ? new Beyond(parser.getString()) : (Object) number;
    }

    private static HyperTokenException refusal(String why, String example) {
        return new HyperTokenException(
                BAD_JSON, "refused a message that is not one JSON object", why, "send one such as " + example);
    }

    /// What is wrong with a document.
    private static final class Bad extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String why;

        Bad(String why) {
            super(why, null, false, false);
            this.why = why;
        }
    }
}
