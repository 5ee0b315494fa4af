package io.hypertoken.server.events;

import io.hypertoken.server.events.store.EventKey;
import io.hypertoken.server.events.store.LoggedEvent;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A stored event and what of it travels: its JSON with its position spliced in at its end.
final class Frame {
    private final LoggedEvent event;
    private final String epoch;
    private byte @Nullable [] wire;

    Frame(LoggedEvent event, String epoch) {
        this.event = event;
        this.epoch = epoch;
    }

    long seq() {
        return event.seq();
    }

    EventKey key() {
        return event.key();
    }

    /// About how much memory it holds.
    int bytes() {
        return event.json().length;
    }

    /// What travels, made when first asked for: most events of a hub that nobody listens to never are. Asked on any
    /// thread; two that ask at once make the same.
    byte[] wire() {
        byte[] made = wire;
        if (made == null) {
            byte[] json = event.json();
            byte[] position =
                    (",\"seq\":" + event.seq() + ",\"epoch\":\"" + epoch + "\"}").getBytes(StandardCharsets.US_ASCII);
            made = new byte[json.length - 1 + position.length];
            System.arraycopy(json, 0, made, 0, json.length - 1);
            System.arraycopy(position, 0, made, json.length - 1, position.length);
            wire = made;
        }
        return made;
    }

    /// What travels, as text.
    String text() {
        return new String(wire(), StandardCharsets.UTF_8);
    }

    /// Its place in the log as Server-Sent Events name it.
    String id() {
        return epoch + ":" + event.seq();
    }
}
