package io.hypertoken.guests.python;

import io.hypertoken.env.Option;
import io.hypertoken.env.OptionType;
import io.hypertoken.env.Options;
import io.hypertoken.env.SpecBuilder;
import io.hypertoken.json.JsonMessage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The options of an environment in Python: those of its constructor, by their own names, and how it is played.
final class PythonOptions {
    static final String PYTHON = "python";
    static final String KWARGS = "kwargs";
    static final String WORKERS = "workers";
    static final String ROWS_PER_WORKER = "rows_per_worker";
    static final String SPIN = "spin";
    static final String STEP_DEADLINE = "step_deadline";
    static final String RESET_DEADLINE = "reset_deadline";
    static final String RESET_OPTIONS = "reset_options";

    private static final int LONGEST = 65_536;
    private static final double LARGEST = 1e300;
    private static final double LONGEST_DEADLINE = 86_400;

    /// The constructor's keywords that are options, and each one's default: null where it is none of our types.
    private final Map<String, @Nullable Object> keywords = new LinkedHashMap<>();

    /// @param told the constructor's keywords, as the worker tells them
    PythonOptions(@Nullable Object told) {
        Set<String> taken = new HashSet<>(Option.RESERVED);
        taken.addAll(
                List.of(PYTHON, KWARGS, WORKERS, ROWS_PER_WORKER, SPIN, STEP_DEADLINE, RESET_DEADLINE, RESET_OPTIONS));
        for (Object each : told instanceof List<?> list ? list : List.of()) {
            if (each instanceof Map<?, ?> keyword
                    && keyword.get("name") instanceof String name
                    && name.matches("[a-z][a-z0-9_]*")
                    && taken.add(name)) {
                keywords.put(name, keyword.get("default"));
            }
        }
    }

    /// Declares all of them.
    void declare(SpecBuilder spec) {
        keywords.forEach((name, byDefault) -> declare(spec, name, byDefault));
        spec.option(KWARGS, OptionType.text(LONGEST), "", "More keywords of its constructor, as a JSON object.")
                .requires(opened -> isObject(opened.text(KWARGS)), KWARGS + " must be a JSON object")
                .hostOption(PYTHON, OptionType.text(LONGEST), "", "The Python that plays; see HYPERTOKEN_PYTHON.")
                .hostOption(WORKERS, OptionType.integers(0, 1024), 0, "How many processes share the rows; 0 to choose.")
                .hostOption(
                        ROWS_PER_WORKER,
                        OptionType.integers(0, 1 << 16),
                        0,
                        "How many rows a process plays, where workers are 0; 0 to choose.")
                .hostOption(
                        SPIN, OptionType.flag(), false, "Look for answers a while before sleeping: quicker, busier.")
                .hostOption(
                        STEP_DEADLINE,
                        OptionType.numbers(0.01, LONGEST_DEADLINE),
                        60.0,
                        "Seconds that a row's step may take.")
                .hostOption(
                        RESET_DEADLINE,
                        OptionType.numbers(0.01, LONGEST_DEADLINE),
                        120.0,
                        "Seconds that a process's start, or a row's reset, may take.")
                .episodeOption(
                        RESET_OPTIONS, OptionType.text(LONGEST), "", "The options of its reset(), as a JSON object.")
                .requires(opened -> isObject(opened.text(RESET_OPTIONS)), RESET_OPTIONS + " must be a JSON object");
    }

    private static void declare(SpecBuilder spec, String name, @Nullable Object byDefault) {
        switch (byDefault) {
            case Boolean flag -> spec.option(name, OptionType.flag(), flag);
            case Long whole
            when whole.intValue() == whole ->
                spec.option(name, OptionType.integers(Integer.MIN_VALUE, Integer.MAX_VALUE), whole.intValue());
            case Double number
            when Math.abs(number) <= LARGEST -> spec.option(name, OptionType.numbers(-LARGEST, LARGEST), number);
            case String text when text.length() <= LONGEST -> spec.option(name, OptionType.text(LONGEST), text);
            case null, default ->
                spec.option(
                        name,
                        OptionType.text(LONGEST),
                        "",
                        "JSON, values with commas between, or a text; its own default " + "when left out.");
        }
    }

    private static boolean isObject(String text) {
        return text.isEmpty() || json(text) instanceof Map;
    }

    /// What the constructor is given: the options that differ from its defaults.
    Map<String, @Nullable Object> kwargs(Options opened) {
        Map<String, @Nullable Object> kwargs = new LinkedHashMap<>();
        keywords.forEach((name, byDefault) -> {
            Object chosen = opened.values().getOrDefault(name, "");
            boolean plain = byDefault instanceof Boolean || byDefault instanceof Number || byDefault instanceof String;
            if (plain ? !same(chosen, byDefault) : !chosen.equals("")) {
                kwargs.put(name, plain ? chosen : read(String.valueOf(chosen)));
            }
        });
        if (json(opened.text(KWARGS)) instanceof Map<?, ?> more) {
            more.forEach((name, value) -> kwargs.put(String.valueOf(name), value));
        }
        return kwargs;
    }

    private static boolean same(Object chosen, Object byDefault) {
        return chosen.equals(byDefault)
                || (chosen instanceof Integer whole && byDefault instanceof Long other && whole.longValue() == other);
    }

    /// JSON, or several of it with commas between, or a text.
    private static @Nullable Object read(String text) {
        if (json("{\"value\":" + text + "}") instanceof Map<?, ?> map && map.size() == 1) {
            return map.get("value");
        }
        return text.indexOf(',') < 0
                ? text
                : Arrays.stream(text.split(",", -1)).map(PythonOptions::read).toList();
    }

    /// The object in a text; null if there is none.
    private static @Nullable Object json(String text) {
        try {
            return text.isEmpty() ? null : JsonMessage.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (RuntimeException noJson) {
            return null;
        }
    }
}
