package io.hypertoken.describe;

import io.hypertoken.engine.BatchLayout;
import io.hypertoken.engine.Column;
import io.hypertoken.engine.ColumnGroup;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Option;
import io.hypertoken.env.Options;
import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.space.Space;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An environment as maps, lists, texts, numbers, flags and nulls, in the protocol's words and order.
///
/// Whoever tells of an environment writes these values as they are: `env_info` on the wire, the description in a host
/// process, the catalogue's file. A Double is to be written with a point and a whole-number type without one, so that a
/// reader tells 1.0 from 1. Nothing here creates an environment.
public final class Description {
    private Description() {}

    /// What an environment opened with these options is: the properties of `env_info` that it decides itself.
    ///
    /// @param signature its signature for these options
    /// @param stepLimit after how many steps its episodes are truncated; 0 for never
    /// @return a map that the caller may add to
    public static Map<String, @Nullable Object> properties(
            Spec spec, Options opened, Signature signature, int stepLimit) {
        var properties = new LinkedHashMap<String, @Nullable Object>();
        properties.put("env_type", spec.id());
        properties.put("version", spec.version());
        properties.put("env_options", options(spec, opened, false));
        properties.put("episode_options", options(spec, opened, true));
        properties.put("possible_agents", signature.agents());
        properties.put("observation_spaces", byAgent(signature.agents(), signature.observationSpaces()));
        properties.put("action_spaces", byAgent(signature.agents(), signature.actionSpaces()));
        properties.put("max_steps", maxSteps(stepLimit));
        properties.put("reward_threshold", rewardThreshold(spec));
        properties.put("turn_order", word(spec.turnOrder()));
        properties.put("masked", masked(spec, signature));
        properties.put("mask_meaning", word(spec.maskMeaning()));
        properties.put("reward_kind", word(spec.rewardKind()));
        properties.put("action_names", spec.actionNames());
        properties.put("observation_legend", spec.legend());
        properties.put("metrics", spec.metrics());
        properties.put("info_numbers", infoNumbers(spec));
        properties.put("policies", spec.policies());
        properties.put("render_modes", renderModes(spec));
        properties.put("rules", spec.rules());
        return properties;
    }

    /// What a catalogue says of an environment before it is opened, for default options.
    ///
    /// @return a map that the caller may add to
    public static Map<String, @Nullable Object> summary(Spec spec) {
        Signature signature = spec.signature(spec.options(Map.of()));
        var summary = new LinkedHashMap<String, @Nullable Object>();
        summary.put("id", spec.id());
        summary.put("version", spec.version());
        summary.put("aliases", spec.aliases());
        summary.put("agents", signature.agents().size());
        summary.put("turn_order", word(spec.turnOrder()));
        summary.put("max_steps", maxSteps(spec.stepLimit()));
        summary.put("reward_threshold", rewardThreshold(spec));
        summary.put("render_modes", renderModes(spec));
        return summary;
    }

    /// A space; see [SpaceValues].
    public static Map<String, @Nullable Object> space(Space space) {
        return SpaceValues.of(space);
    }

    /// Where the columns of both requests and of the reply lie, each group from its own beginning.
    public static Map<String, @Nullable Object> layout(BatchLayout layout) {
        var groups = new LinkedHashMap<String, @Nullable Object>();
        groups.put("reset", columns(layout.reset()));
        groups.put("step", columns(layout.step()));
        groups.put("reply", columns(layout.reply()));
        return groups;
    }

    /// Whether some agent of the environment has a mask.
    public static boolean masked(Spec spec, Signature signature) {
        return spec.maskMeaning() != MaskMeaning.NONE && signature.maskSize() > 0;
    }

    /// How it can be drawn, as Gymnasium calls it.
    public static List<String> renderModes(Spec spec) {
        if (!spec.drawsText()) {
            return List.of();
        }
        return spec.drawsFrames() ? List.of("ansi", "rgb_array") : List.of("ansi");
    }

    /// The columns of one group.
    public static List<Map<String, Object>> columns(ColumnGroup group) {
        return group.columns().stream().map(Description::column).toList();
    }

    private static Map<String, Object> column(Column column) {
        var values = new LinkedHashMap<String, Object>();
        values.put("name", column.name());
        values.put("dtype", column.dtype().numpyName());
        values.put("shape", column.shape());
        values.put("offset", column.offset());
        values.put("bytes", column.bytes());
        return values;
    }

    /// The values of the options that hold for an episode, or of those that fix shapes.
    private static Map<String, @Nullable Object> options(Spec spec, Options opened, boolean episode) {
        var values = new LinkedHashMap<String, @Nullable Object>();
        for (Option option : spec.options()) {
            if (option.episode() == episode) {
                values.put(option.name(), opened.values().get(option.name()));
            }
        }
        return values;
    }

    private static Map<String, Object> byAgent(List<String> agents, List<Space> spaces) {
        var named = new LinkedHashMap<String, Object>();
        for (int agent = 0; agent < agents.size(); agent++) {
            named.put(agents.get(agent), space(spaces.get(agent)));
        }
        return named;
    }

    private static @Nullable Integer maxSteps(int limit) {
        return limit == 0 ? null : (Integer) limit;
    }

    private static @Nullable Double rewardThreshold(Spec spec) {
        return spec.rewardThreshold().isPresent()
                ? (Double) spec.rewardThreshold().getAsDouble()
                : null;
    }

    /// The numbers told with every reset and step, each with what a reset tells, which shows its type.
    private static Map<String, Object> infoNumbers(Spec spec) {
        var numbers = new LinkedHashMap<String, Object>();
        spec.infoNumbers().forEach(number -> numbers.put(number.name(), number.atReset()));
        return numbers;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
