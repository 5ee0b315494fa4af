package io.hypertoken.guests.wasm;

import io.hypertoken.DidYouMean;
import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.RewardKind;
import io.hypertoken.env.Spec;
import io.hypertoken.env.SpecBuilder;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.guests.DeclaredSpaces;
import io.hypertoken.json.Fields;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.space.Leaf;
import io.hypertoken.space.Space;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a module says of itself, as JSON in the words of the protocol's `env_info`.
///
/// @param fields the JSON
/// @param agents the agents' names, in index order
/// @param options the options it declares, in the order of its numbers
/// @param frameWidth pixels in a row of its picture; 0 if it draws none
/// @param frameHeight rows of its picture
record WasmDescription(Fields fields, List<String> agents, List<WasmOption> options, int frameWidth, int frameHeight) {
    static final int MOST_TEXT = 1 << 20;

    private static final List<String> KNOWN = List.of(
            "version",
            "history",
            "rules",
            "agents",
            "turn_order",
            "observation_space",
            "observation_spaces",
            "action_space",
            "action_spaces",
            "action_names",
            "mask_meaning",
            "observation_legend",
            "info_numbers",
            "reward_kind",
            "options",
            "max_steps",
            "reward_threshold",
            "text",
            "frame");
    private static final String WHERE = "ht_describe's JSON";
    private static final String MEND = "mend the JSON that ht_describe returns";
    private static final int MOST_AGENTS = 1_000;
    private static final int MOST_PIXELS = 4_096;
    /// What one row may take of a batch: a stranger's word decides how much memory is asked for.
    private static final long MOST_ROW_BYTES = 64L << 20;
    /// Bounds take 16 bytes each.
    private static final long MOST_BOUNDS = 1 << 23;

    /// Reads what `ht_describe` returned.
    ///
    /// @throws Refusal if it is no description
    static WasmDescription read(String json) {
        try {
            var fields = new Fields(
                    WHERE, JsonMessage.read(json.getBytes(StandardCharsets.UTF_8), "{\"action_names\": […], …}"));
            for (String key : fields.values().keySet()) {
                if (!KNOWN.contains(key)) {
                    throw new Refusal(
                            WHERE + " has " + Shown.value(key) + ", which says nothing", DidYouMean.hint(key, KNOWN));
                }
            }
            long bounds = bounds(fields.values());
            if (bounds > MOST_BOUNDS) {
                throw new Refusal(WHERE + " declares boxes of more than " + MOST_BOUNDS + " elements", MEND);
            }
            var frame = new Fields(WHERE + ".frame", fields.object("frame"));
            return new WasmDescription(
                    fields,
                    fields.has("agents") ? texts(fields, "agents", MOST_AGENTS) : List.of("player_0"),
                    WasmOption.all(fields),
                    fields.has("frame") ? size(frame, "width") : 0,
                    fields.has("frame") ? size(frame, "height") : 0);
        } catch (HyperTokenException bad) {
            throw refusal(bad);
        }
    }

    private static Refusal refusal(HyperTokenException bad) {
        return new Refusal("its description was refused (" + bad.getMessage() + ")", MEND);
    }

    private static int size(Fields frame, String name) {
        Long size = frame.integer(name, 1, MOST_PIXELS);
        if (size == null) {
            throw frame.missing(name, "\"" + name + "\": 256");
        }
        return size.intValue();
    }

    private static long bounds(@Nullable Object json) {
        return switch (json) {
            case Map<?, ?> map -> {
                long size = 1;
                if (map.get("shape") instanceof List<?> shape) {
                    for (Object dimension : shape) {
                        double factor = dimension instanceof Number number ? number.doubleValue() : 1;
                        size = (long) Math.min(size * Math.max(1, factor), 1e18);
                    }
                }
                for (Object part : map.values()) {
                    size += bounds(part);
                }
                yield size;
            }
            case List<?> list -> {
                long size = 0;
                for (Object part : list) {
                    size += bounds(part);
                }
                yield size;
            }
            case null, default -> 0;
        };
    }

    /// Whether the rows can be drawn as text.
    boolean drawsText() {
        return fields.flag("text");
    }

    /// Whether the rows can be drawn as pictures.
    boolean drawsFrames() {
        return frameWidth > 0;
    }

    /// The declaration of an environment of this id, but for its constructor.
    ///
    /// @throws Refusal if it contradicts itself
    SpecBuilder declare(String id) {
        try {
            SpecBuilder builder = Spec.of(id, orElse(fields.integer("version", 1, 1_000_000), 1))
                    .rules(orEmpty(fields.text("rules")))
                    .history(texts(fields, "history", 1_000).toArray(String[]::new))
                    .agents(agents.toArray(String[]::new))
                    .legend(texts(fields, "observation_legend", 10_000).toArray(String[]::new));
            List<Space> seen = spaces("observation_space");
            builder.observes((opened, agent) -> seen.get(agent));
            actions(builder);
            if (fields.choice("turn_order", TurnOrder.class) == TurnOrder.SIMULTANEOUS) {
                builder.simultaneous();
            }
            MaskMeaning meaning = fields.choice("mask_meaning", MaskMeaning.class);
            builder.masks(meaning == null ? MaskMeaning.NONE : meaning);
            int limit = orElse(fields.integer("max_steps", 1, Integer.MAX_VALUE), 0);
            if (limit > 0) {
                builder.stepLimit(limit);
            }
            if (fields.raw("reward_threshold") instanceof Number threshold) {
                builder.rewardThreshold(threshold.doubleValue());
            }
            if (fields.choice("reward_kind", RewardKind.class) == RewardKind.INTEGER) {
                builder.integerRewards();
            }
            fields.object("info_numbers").forEach((name, atReset) -> builder.infoNumber(name, number(atReset), ""));
            options.forEach(option -> option.declare(builder));
            Limits.declare(builder);
            return builder;
        } catch (HyperTokenException bad) {
            throw refusal(bad);
        } catch (IllegalArgumentException bad) {
            throw new Refusal(String.valueOf(bad.getMessage()), MEND);
        }
    }

    /// Refuses a declaration whose rows would take more memory than a stranger may ask for, or more columns than there
    /// is room for.
    static void requireModest(Spec spec) {
        var signature = spec.signature(spec.options(Map.of()));
        long bytes = spec.maskMeaning() == MaskMeaning.NONE ? 0 : Math.max(0, (long) signature.maskSize());
        for (Leaf leaf : signature.observationLeaves()) {
            bytes += (long) leaf.size() * leaf.dtype().bytes();
        }
        for (Leaf leaf : signature.actionLeaves()) {
            bytes += (long) leaf.size() * leaf.dtype().bytes();
        }
        if (bytes * signature.agents().size() > MOST_ROW_BYTES) {
            throw new Refusal(
                    WHERE + " declares rows of " + bytes * signature.agents().size()
                            + " bytes, and one may have at most " + MOST_ROW_BYTES,
                    "declare smaller spaces");
        }
        if (Math.max(
                        signature.observationLeaves().size(),
                        signature.actionLeaves().size())
                > Columns.LEAVES) {
            throw new Refusal(
                    WHERE + " declares a space of more than " + Columns.LEAVES + " leaves",
                    "put several of them into one box");
        }
        if (spec.infoNumbers().size() > Columns.INFOS) {
            throw new Refusal(WHERE + " declares more than " + Columns.INFOS + " info_numbers", "leave some out");
        }
    }

    private void actions(SpecBuilder builder) {
        List<String> names = texts(fields, "action_names", 10_000);
        if (!names.isEmpty()) {
            if (fields.has("action_space") || fields.has("action_spaces")) {
                throw new Refusal(
                        WHERE + " has action_names and an action space too",
                        "leave the space out: the names are a discrete one");
            }
            builder.acts(names.toArray(String[]::new));
            return;
        }
        List<Space> chosen = spaces("action_space");
        builder.acts((opened, agent) -> chosen.get(agent));
    }

    /// The space that all agents share, or each agent's own, by its name.
    private List<Space> spaces(String one) {
        String each = one + "s";
        if (fields.has(one) == fields.has(each)) {
            throw new Refusal(
                    WHERE + " has " + (fields.has(one) ? "both " : "neither ") + one
                            + (fields.has(one) ? " and " : " nor ") + each,
                    "give one of them, such as \"" + one + "\": {\"type\": \"discrete\", \"n\": 4}");
        }
        if (fields.has(one)) {
            Space shared = DeclaredSpaces.read(fields.raw(one), WHERE + "." + one);
            return agents.stream().map(agent -> shared).toList();
        }
        Map<String, @Nullable Object> named = fields.object(each);
        if (!agents.containsAll(named.keySet())) {
            throw new Refusal(WHERE + "." + each + " names agents that are not there", "name just " + agents);
        }
        return agents.stream()
                .map(agent -> DeclaredSpaces.read(named.get(agent), WHERE + "." + each + "." + agent))
                .toList();
    }

    private static Number number(@Nullable Object json) {
        return switch (json) {
            case Long whole when whole == whole.intValue() -> whole.intValue();
            case Double number -> number;
            case null, default ->
                throw new Refusal(
                        WHERE + ".info_numbers has " + Shown.value(json) + " for what a reset tells",
                        "write a number, 0 for integers and 0.0 for others");
        };
    }

    static List<String> texts(Fields fields, String name, int most) {
        Object json = fields.raw(name);
        if (json == null) {
            return List.of();
        }
        if (!(json instanceof List<?> list)
                || list.size() > most
                || !list.stream().allMatch(part -> part instanceof String)) {
            throw fields.refusal(name, "an array of at most " + most + " strings");
        }
        return list.stream().map(String.class::cast).toList();
    }

    private static int orElse(@Nullable Long given, int other) {
        return given == null ? other : given.intValue();
    }

    private static String orEmpty(@Nullable String given) {
        return given == null ? "" : given;
    }
}
