package io.hypertoken.server.events.schema;

import io.hypertoken.HyperTokenException;
import io.hypertoken.event.Event;
import io.hypertoken.server.events.store.NewEvent;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns what producers send into events for the log. Safe for any thread.
public final class EventSchemas {
    /// The most bytes of JSON that one event may take.
    public static final int MOST_BYTES = 256 << 10;

    private EventSchemas() {}

    /// Those of the types that HyperToken knows; read when first asked for.
    public static EventSchemas known() {
        return new EventSchemas();
    }

    /// An event from outside: its type, data, and what else its envelope holds, as JsonMessage reads it. An envelope
    /// without a timestamp happened now; `seq` and `epoch` are the log's alone and are left out.
    ///
    /// @param source who sent it, where the envelope does not say so
    /// @throws HyperTokenException `missing_field`, `bad_field` or `too_large`, which name the field
    public NewEvent check(Map<String, @Nullable Object> envelope, String source) {
        throw new UnsupportedOperationException("not yet");
    }

    /// An event of this process.
    ///
    /// @param timestamp when it happened, in Unix seconds
    /// @param source where it happened
    /// @throws HyperTokenException `missing_field`, `bad_field` or `too_large`, which name the field
    public NewEvent check(Event event, double timestamp, String source) {
        throw new UnsupportedOperationException("not yet");
    }
}
