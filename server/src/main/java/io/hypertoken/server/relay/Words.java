package io.hypertoken.server.relay;

import io.hypertoken.json.NumberJson;
import io.hypertoken.server.http.Connection;
import io.hypertoken.server.http.Frames;
import io.netty.buffer.ByteBuf;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Sends messages that nobody waits for.
final class Words {
    private Words() {}

    /// Sends a JSON object, whose names and values alternate.
    static void send(Connection to, @Nullable Object... fields) {
        send(to, NumberJson.bytes(object(fields)));
    }

    /// Names and values that alternate, as an object; a null value is left out.
    static Map<String, @Nullable Object> object(@Nullable Object... fields) {
        var object = new LinkedHashMap<String, @Nullable Object>();
        for (int k = 0; k < fields.length; k += 2) {
            if (fields[k + 1] != null) {
                object.put(String.valueOf(fields[k]), fields[k + 1]);
            }
        }
        return object;
    }

    /// Sends JSON.
    static void send(Connection to, byte[] json) {
        ByteBuf frame = to.buffer(Frames.LONGEST_HEAD + json.length);
        Frames.writeTextHead(frame, json.length);
        to.send(frame.writeBytes(json));
    }
}
