package io.hypertoken.server.bridge;

import io.hypertoken.engine.BatchLayout;
import io.hypertoken.engine.Column;
import io.hypertoken.engine.ColumnGroup;
import io.hypertoken.env.InfoNumber;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Option;
import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.server.session.Session;
import io.hypertoken.space.Space;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/// Writes what a session's environment is, and where its columns lie.
final class EnvironmentJson {
    private EnvironmentJson() {}

    /// The properties of `env_info` that the environment itself decides.
    static void writeProperties(JsonGenerator out, Session session) {
        Spec spec = session.opening().spec();
        Signature signature = session.batch().signature();
        out.writeStringProperty("env_type", spec.id());
        out.writeNumberProperty("version", spec.version());
        writeOptions(out, "env_options", session, false);
        writeOptions(out, "episode_options", session, true);
        writeWords(out, "possible_agents", signature.agents());
        writeSpaces(out, "observation_spaces", signature.agents(), signature.observationSpaces());
        writeSpaces(out, "action_spaces", signature.agents(), signature.actionSpaces());
        out.writeName("max_steps");
        if (spec.stepLimit() == 0) {
            out.writeNull();
        } else {
            out.writeNumber(spec.stepLimit());
        }
        out.writeStringProperty("turn_order", spec.turnOrder().name().toLowerCase(Locale.ROOT));
        out.writeBooleanProperty("masked", spec.maskMeaning() != MaskMeaning.NONE && signature.maskSize() > 0);
        out.writeStringProperty("mask_meaning", spec.maskMeaning().name().toLowerCase(Locale.ROOT));
        out.writeStringProperty("reward_kind", spec.rewardKind().name().toLowerCase(Locale.ROOT));
        writeWords(out, "action_names", spec.actionNames());
        writeWords(out, "observation_legend", spec.legend());
        writeWords(out, "metrics", spec.metrics());
        out.writeObjectPropertyStart("info_numbers"); // an int here is an int in a reset's info
        for (InfoNumber told : spec.infoNumbers()) {
            out.writeName(told.name());
            NumberJson.writeAny(out, told.atReset());
        }
        out.writeEndObject();
        writeWords(out, "render_modes", renderModes(session));
        out.writeStringProperty("rules", spec.rules());
    }

    /// Where the columns of both requests and of the reply lie.
    static void writeLayout(JsonGenerator out, BatchLayout layout) {
        out.writeObjectPropertyStart("layout");
        writeGroup(out, "reset", layout.reset());
        writeGroup(out, "step", layout.step());
        writeGroup(out, "reply", layout.reply());
        out.writeEndObject();
    }

    static void writeWords(JsonGenerator out, String name, List<String> words) {
        out.writeArrayPropertyStart(name);
        words.forEach(out::writeString);
        out.writeEndArray();
    }

    private static List<String> renderModes(Session session) {
        if (!session.vector().drawsText()) {
            return List.of();
        }
        return session.vector().drawsFrames() ? List.of("ansi", "rgb_array") : List.of("ansi");
    }

    private static void writeOptions(JsonGenerator out, String name, Session session, boolean episode) {
        Map<String, Object> values = session.opening().options().values();
        out.writeObjectPropertyStart(name);
        for (Option option : session.opening().spec().options()) {
            if (option.episode() == episode) {
                out.writeName(option.name());
                NumberJson.writeAny(out, values.get(option.name()));
            }
        }
        out.writeEndObject();
    }

    private static void writeSpaces(JsonGenerator out, String name, List<String> agents, List<Space> spaces) {
        out.writeObjectPropertyStart(name);
        for (int agent = 0; agent < agents.size(); agent++) {
            out.writeName(agents.get(agent));
            SpaceJson.write(out, spaces.get(agent));
        }
        out.writeEndObject();
    }

    private static void writeGroup(JsonGenerator out, String name, ColumnGroup group) {
        out.writeArrayPropertyStart(name);
        for (Column column : group.columns()) {
            out.writeStartObject();
            out.writeStringProperty("name", column.name());
            out.writeStringProperty("dtype", column.dtype().numpyName());
            SpaceJson.writeIntegers(out, "shape", column.shape());
            out.writeNumberProperty("offset", column.offset());
            out.writeNumberProperty("bytes", column.bytes());
            out.writeEndObject();
        }
        out.writeEndArray();
    }
}
