package io.hypertoken.server.events;

import io.hypertoken.HyperTokenException;
import io.hypertoken.event.Event;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A command that a jar on the class path adds to the hub: a service, named in
/// `META-INF/services/io.hypertoken.server.events.HubCommand`.
public interface HubCommand {
    /// What clients call it: lower-case words joined by underscores.
    String name();

    /// Does it, on a thread of its own; whoever asked is told after some seconds that it takes too long.
    ///
    /// @param params what the client sent, as JSON values
    /// @return numbers, strings, booleans, nulls, and lists and maps of these
    /// @throws HyperTokenException what the client is told
    @Nullable
    Object run(Map<String, @Nullable Object> params, View hub);

    /// What a command may do with the hub. Safe for any thread.
    interface View {
        /// Publishes an event.
        void publish(Event event);

        /// The newest event's number.
        long seq();
    }
}
