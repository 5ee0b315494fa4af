package io.hypertoken.embed;

import io.hypertoken.engine.BatchLayout;
import io.hypertoken.engine.ColumnGroup;
import io.hypertoken.engine.Settings;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Environment;
import io.hypertoken.env.Option;
import io.hypertoken.env.Options;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.space.Box;
import io.hypertoken.space.DictSpace;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.MultiBinary;
import io.hypertoken.space.MultiDiscrete;
import io.hypertoken.space.Space;
import io.hypertoken.space.TupleSpace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Says what an environment is, in the words that the bridge uses: the fields of `env_info`, and a batch's layout.
final class Description {
    private Description() {}

    /// An environment opened with these options.
    static Map<String, Object> of(Spec spec, Options opened, Settings settings) {
        Signature signature = spec.signature(opened);
        BatchLayout layout = BatchLayout.of(spec, signature, settings.rows(), settings.autoreset());
        var facts = new LinkedHashMap<String, Object>();
        facts.put("env_type", spec.id());
        facts.put("version", spec.version());
        facts.put("env_options", options(spec, opened, false));
        facts.put("episode_options", options(spec, opened, true));
        facts.put("possible_agents", signature.agents());
        facts.put("observation_spaces", spaces(signature.agents(), signature.observationSpaces()));
        facts.put("action_spaces", spaces(signature.agents(), signature.actionSpaces()));
        facts.put("turn_order", lower(spec.turnOrder()));
        facts.put("mask_meaning", lower(spec.maskMeaning()));
        facts.put("masked", layout.reply().has("action_mask"));
        facts.put("reward_kind", lower(spec.rewardKind()));
        facts.put("max_steps", spec.stepLimit() == 0 ? null : spec.stepLimit());
        facts.put("action_names", spec.actionNames());
        facts.put("observation_legend", spec.legend());
        facts.put("metrics", spec.metrics());
        facts.put("info_numbers", told(spec));
        facts.put("render_modes", renderModes(spec.create(opened)));
        facts.put("rules", spec.rules());
        facts.put("layout", layout(layout));
        return facts;
    }

    /// What can be said of every environment on the class path before it is opened, in the order of their ids.
    static List<Map<String, Object>> summaries() {
        ClassLoader loader = Description.class.getClassLoader();
        var summaries = new TreeMap<String, Map<String, Object>>(String.CASE_INSENSITIVE_ORDER);
        for (String declared : Catalogue.declaringClasses(loader)) {
            Spec spec =
                    Catalogue.declaredBy(declared, loader).specs().iterator().next();
            Map<String, Object> facts = summary(spec);
            facts.put("class", declared);
            summaries.put(spec.id(), facts);
        }
        return List.copyOf(summaries.values());
    }

    private static Map<String, Object> summary(Spec spec) {
        Options opened = spec.options(Map.of());
        var facts = new LinkedHashMap<String, Object>();
        facts.put("id", spec.id());
        facts.put("version", spec.version());
        facts.put("aliases", spec.aliases());
        facts.put("agents", spec.signature(opened).agents().size());
        facts.put("turn_order", lower(spec.turnOrder()));
        facts.put("max_steps", spec.stepLimit() == 0 ? null : spec.stepLimit());
        facts.put("render_modes", renderModes(spec.create(opened)));
        return facts;
    }

    /// The values of the options that fix shapes, or of those that hold for an episode.
    private static Map<String, Object> options(Spec spec, Options opened, boolean episode) {
        var values = new LinkedHashMap<String, Object>();
        for (Option option : spec.options()) {
            if (option.episode() == episode) {
                values.put(option.name(), opened.values().get(option.name()));
            }
        }
        return values;
    }

    /// The numbers told with every reset and step, each with what a reset tells, which shows its type.
    private static Map<String, Object> told(Spec spec) {
        var numbers = new LinkedHashMap<String, Object>();
        spec.infoNumbers().forEach(told -> numbers.put(told.name(), told.atReset()));
        return numbers;
    }

    private static List<String> renderModes(Environment environment) {
        if (!(environment instanceof Renders)) {
            return List.of();
        }
        try {
            boolean draws = environment.getClass().getMethod("frame").getDeclaringClass() != Renders.class;
            return draws ? List.of("ansi", "rgb_array") : List.of("ansi");
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("Renders has no method frame", e);
        }
    }

    private static Map<String, Object> layout(BatchLayout layout) {
        return Map.of(
                "bytes",
                layout.bytes(),
                "reset",
                columns(layout.reset()),
                "step",
                columns(layout.step()),
                "reply",
                columns(layout.reply()));
    }

    private static Map<String, Object> columns(ColumnGroup group) {
        var columns = group.columns().stream()
                .map(column -> Map.of(
                        "name",
                        column.name(),
                        "dtype",
                        column.dtype().numpyName(),
                        "shape",
                        column.shape(),
                        "offset",
                        column.offset(),
                        "bytes",
                        column.bytes()))
                .toList();
        return Map.of("bytes", group.bytes(), "columns", columns);
    }

    private static Map<String, Object> spaces(List<String> agents, List<Space> spaces) {
        var named = new LinkedHashMap<String, Object>();
        for (int agent = 0; agent < agents.size(); agent++) {
            named.put(agents.get(agent), space(spaces.get(agent)));
        }
        return named;
    }

    private static Map<String, Object> space(Space space) {
        var facts = new LinkedHashMap<String, Object>();
        switch (space) {
            case Box box -> {
                facts.put("type", "box");
                facts.put("shape", box.shape());
                facts.put("low", bounds(box.low(), box.shape()));
                facts.put("high", bounds(box.high(), box.shape()));
                facts.put("dtype", box.dtype().numpyName());
            }
            case Discrete(int n, int start) -> {
                facts.put("type", "discrete");
                facts.put("n", n);
                facts.put("start", start);
            }
            case MultiDiscrete(List<Integer> nvec) -> {
                facts.put("type", "multi_discrete");
                facts.put("nvec", nvec);
            }
            case MultiBinary(int n) -> {
                facts.put("type", "multi_binary");
                facts.put("n", n);
            }
            case DictSpace dict -> {
                facts.put("type", "dict");
                var parts = new LinkedHashMap<String, Object>();
                dict.spaces().forEach((name, part) -> parts.put(name, space(part)));
                facts.put("spaces", parts);
            }
            case TupleSpace tuple -> {
                facts.put("type", "tuple");
                facts.put(
                        "spaces",
                        tuple.spaces().stream().map(Description::space).toList());
            }
        }
        return facts;
    }

    /// The bounds as lists within lists, or as one number where all are the same; null where there is no bound.
    private static @Nullable Object bounds(double[] values, List<Integer> shape) {
        for (double value : values) {
            if (value != values[0]) {
                return nested(values, shape, 0, 0, values.length);
            }
        }
        return bound(values[0]);
    }

    private static @Nullable Object nested(double[] values, List<Integer> shape, int depth, int from, int count) {
        if (depth == shape.size()) {
            return bound(values[from]);
        }
        int parts = shape.get(depth);
        var list = new ArrayList<@Nullable Object>();
        for (int part = 0; part < parts; part++) {
            list.add(nested(values, shape, depth + 1, from + part * (count / parts), count / parts));
        }
        return list;
    }

    private static @Nullable Object bound(double value) {
        return Double.isInfinite(value) ? null : value;
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }
}
