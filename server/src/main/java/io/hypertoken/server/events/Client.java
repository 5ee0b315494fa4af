package io.hypertoken.server.events;

import io.hypertoken.server.events.HubThread.Deadline;
import io.hypertoken.server.http.Connection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A WebSocket client as the hub knows it. The hub thread's own.
final class Client {
    final long number;
    final Connection connection;
    final String remote;
    final double since = Messages.now();

    String id;
    String type = "";

    @Nullable
    Subscriber feed;
    /// Commands that it answers.
    Set<String> handles = Set.of();
    /// The message that it registered by.
    Map<String, @Nullable Object> registration = Map.of();
    /// Ends the silence after which it is sent everything.
    @Nullable
    Deadline silence;
    /// Ends the time in which it is held.
    @Nullable
    Deadline quiet;

    long heldSinceNanos;
    /// Calls that it has yet to answer.
    int calls;
    boolean gone;

    /// @param number tells it from others of the same name
    Client(long number, Connection connection, String remote) {
        this.number = number;
        this.connection = connection;
        this.remote = remote;
        this.id = "client-" + number;
    }

    /// What `list_clients` tells of it.
    Map<String, @Nullable Object> told() {
        var told = new LinkedHashMap<String, @Nullable Object>();
        told.put("client_id", id);
        told.put("client_type", type);
        told.put("number", number);
        told.put("remote", remote);
        told.put("since", since);
        told.put("handles", handles.stream().sorted().toList());
        Subscriber subscribed = feed;
        if (subscribed != null) {
            subscribed.tell(told);
        }
        return told;
    }
}
