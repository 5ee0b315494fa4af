package io.hypertoken.server.bridge;

import io.hypertoken.json.JsonText;
import io.hypertoken.json.NumberJson;
import io.hypertoken.json.PlainValue;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Writes the infos of one reply, which together have a bounded size.
final class InfoJson {
    /// Characters of all infos of a reply; a value beyond it is replaced by a text that says so.
    private static final long MOST = 64L << 20;

    private final JsonGenerator out;
    private long left = MOST;

    InfoJson(JsonGenerator out) {
        this.out = out;
    }

    /// The properties of one agent's info.
    void writeProperties(Map<String, Object> info) {
        info.forEach((name, value) -> {
            out.writeName(JsonText.wellFormed(name));
            NumberJson.writeAny(out, plain(value));
        });
    }

    private @Nullable Object plain(@Nullable Object value) {
        long most = Math.min(left, PlainValue.MOST);
        Object plain = PlainValue.of(value, most);
        left -= PlainValue.size(plain);
        return plain;
    }
}
