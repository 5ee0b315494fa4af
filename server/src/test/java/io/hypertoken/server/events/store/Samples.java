package io.hypertoken.server.events.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.stream.LongStream;

/// Events that say their own number, so that a wrong one is seen.
public final class Samples {
    private Samples() {}

    /// One of about 200 bytes in the log.
    public static NewEvent event(long n) {
        String json = "{\"type\":\"price_update\",\"data\":{\"item\":\"Abyssal whip\",\"item_id\":4151,\"price\":" + n
                + ",\"change\":50000,\"volume\":100},\"timestamp\":1619395200.25,\"source\":\"test\"}";
        return new NewEvent(new EventKey("price_update", null, "Abyssal whip", 4151, "id-" + n), json.getBytes(UTF_8));
    }

    /// The events that a log gives the numbers `first` to `last` when [#event] numbers are its own.
    public static List<NewEvent> events(long first, long last) {
        return LongStream.rangeClosed(first, last).mapToObj(Samples::event).toList();
    }

    public static List<Long> seqs(List<LoggedEvent> events) {
        return events.stream().map(LoggedEvent::seq).toList();
    }

    public static List<Long> numbers(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    public static String json(LoggedEvent event) {
        return new String(event.json(), UTF_8);
    }

    /// Everything a store keeps.
    public static List<LoggedEvent> all(EventStore store) {
        return store.read(1, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }
}
