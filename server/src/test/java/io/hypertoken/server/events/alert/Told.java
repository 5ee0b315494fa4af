package io.hypertoken.server.events.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hypertoken.json.JsonMessage;
import io.hypertoken.server.events.schema.EventSchemas;
import io.hypertoken.server.events.store.LoggedEvent;
import io.hypertoken.server.events.store.NewEvent;
import java.util.List;
import java.util.Map;

/// What alerts are told, written with single quotes.
final class Told {
    private static long seq;

    private Told() {}

    static Map<String, Object> object(String json) {
        return JsonMessage.read(json.replace('\'', '"').getBytes(UTF_8));
    }

    static List<LoggedEvent> event(String type, String data) {
        NewEvent event =
                EventSchemas.known().check(object("{'type':'" + type + "','data':" + data + ",'timestamp':7}"), "test");
        return List.of(new LoggedEvent(++seq, event.key(), event.json()));
    }

    static List<LoggedEvent> price(String item, long price) {
        return event("price_update", "{'item':'" + item + "','price':" + price + "}");
    }
}
