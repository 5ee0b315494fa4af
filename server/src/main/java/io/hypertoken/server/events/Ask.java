package io.hypertoken.server.events;

import io.hypertoken.HyperTokenException;
import io.hypertoken.server.http.Connection;
import io.hypertoken.server.http.Frames;
import io.netty.buffer.ByteBuf;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One request of a WebSocket client, which is answered once, or with silence.
///
/// Replies go straight to the socket: ahead of all events that still wait for the client, whose position is the hub's.
final class Ask {
    private final Hub hub;
    private final Connection connection;
    private final @Nullable Object id;
    /// Whether the client's next request waits for this one.
    private boolean waited = true;

    /// @param id what the answer echoes: a Long, a String, or null
    Ask(Hub hub, Connection connection, @Nullable Object id) {
        this.hub = hub;
        this.connection = connection;
        this.id = id;
    }

    @Nullable
    Object id() {
        return id;
    }

    /// Lets the client ask on while this is answered later.
    void later() {
        waited = false;
        connection.next();
    }

    /// Is done without an answer.
    void beSilent() {
        if (waited) {
            later();
        }
    }

    void refuse(HyperTokenException why) {
        reply(Messages.refusal(why));
    }

    /// @param fields the status, and what belongs to it
    void reply(Map<String, ? extends @Nullable Object> fields) {
        var message = new LinkedHashMap<String, @Nullable Object>();
        message.put("type", "reply");
        message.putAll(fields);
        if (id != null) {
            message.put("id", id);
        }
        message.putIfAbsent("seq", hub.seq()); // that of what was published, if something was
        message.put("epoch", hub.epoch());
        message.put("timestamp", Messages.now());
        byte[] json = Messages.json(message);
        if (waited) {
            waited = false;
            connection.reply(connection.buffer(json.length).writeBytes(json), true);
        } else {
            send(connection, json);
        }
    }

    /// Sends a message that answers nothing.
    static void send(Connection connection, byte[] json) {
        ByteBuf frame = connection.buffer(json.length + Frames.LONGEST_HEAD);
        Frames.writeTextHead(frame, json.length);
        connection.send(frame.writeBytes(json));
    }
}
