package io.hypertoken.server.bridge;

import java.util.List;
import java.util.Map;

/// Looks into the parts of a reply.
final class Json {
    private Json() {}

    @SuppressWarnings("unchecked") // JsonMessage makes no other maps
    static Map<String, Object> object(Object part) {
        return (Map<String, Object>) part;
    }

    @SuppressWarnings("unchecked") // JsonMessage makes no other lists
    static List<Object> array(Object part) {
        return (List<Object>) part;
    }
}
