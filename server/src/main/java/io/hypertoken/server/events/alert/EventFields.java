package io.hypertoken.server.events.alert;

import io.hypertoken.json.JsonMessage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/// Finds one field in an event without reading the rest of it.
final class EventFields {
    private EventFields() {}

    /// A field of the event's data: a Long, Double, String or Boolean; null if it is not there or something else.
    ///
    /// @param path names from the data inwards
    static @Nullable Object value(byte[] json, String[] path) {
        try (JsonParser parser = JsonMessage.JSON.createParser(ObjectReadContext.empty(), json, 0, json.length)) {
            parser.nextToken();
            if (!enter(parser, "data")) {
                return null;
            }
            for (String name : path) {
                if (!enter(parser, name)) {
                    return null;
                }
            }
            return switch (parser.currentToken()) {
                case VALUE_NUMBER_INT -> integer(parser);
                case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
                case VALUE_STRING -> parser.getString();
                case VALUE_TRUE -> true;
                case VALUE_FALSE -> false;
                case null, default -> null;
            };
        }
    }

    /// Goes from the beginning of an object to the value of a name in it.
    private static boolean enter(JsonParser parser, String name) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return false;
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean found = name.equals(parser.currentName());
            parser.nextToken();
            if (found) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    private static Object integer(JsonParser parser) {
        return switch (parser.getNumberType()) {
            case INT, LONG -> parser.getLongValue();
            default -> parser.getDoubleValue();
        };
    }
}
