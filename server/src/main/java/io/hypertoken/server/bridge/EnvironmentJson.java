package io.hypertoken.server.bridge;

import io.hypertoken.describe.Description;
import io.hypertoken.engine.BatchLayout;
import io.hypertoken.json.NumberJson;
import io.hypertoken.server.session.Opening;
import io.hypertoken.server.session.Session;
import io.hypertoken.space.Space;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Writes what a session's environment is, and where its columns lie.
final class EnvironmentJson {
    private EnvironmentJson() {}

    /// The properties of `env_info` that the environment itself decides.
    static void writeProperties(JsonGenerator out, Session session) {
        Opening opening = session.opening();
        Description.properties(
                        opening.spec(),
                        opening.options(),
                        session.batch().signature(),
                        opening.settings().stepLimitOf(opening.spec()))
                .forEach((name, value) -> write(out, name, value));
    }

    /// Where the columns of both requests and of the reply lie.
    static void writeLayout(JsonGenerator out, BatchLayout layout) {
        write(out, "layout", Description.layout(layout));
    }

    static void writeSpace(JsonGenerator out, Space space) {
        Map<String, @Nullable Object> described = Description.space(space);
        write(out, "space", described);
    }

    static void writeWords(JsonGenerator out, String name, List<String> words) {
        write(out, name, words);
    }

    private static void write(JsonGenerator out, String name, @Nullable Object value) {
        out.writeName(name);
        NumberJson.writeAny(out, value);
    }
}
