package io.hypertoken.server.relay.rows;

import static io.hypertoken.env.OptionType.flag;
import static io.hypertoken.env.OptionType.integers;
import static io.hypertoken.env.OptionType.numbers;
import static io.hypertoken.env.OptionType.text;

import io.hypertoken.env.OptionType;
import io.hypertoken.env.Options;
import io.hypertoken.env.SpecBuilder;
import io.hypertoken.server.relay.wire.Announcement;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// How long a player waits for pages, as options of every page's environment, and the options that a game declares for
/// its episodes.
final class PageOptions {
    private static final String PAGE = "page_deadline";
    private static final String RESET = "reset_deadline";
    private static final String STEP = "step_deadline";
    private static final double SHORTEST = 0.05;
    private static final double LONGEST = 86_400;
    private static final double LARGEST = Double.MAX_VALUE;
    private static final int LONGEST_TEXT = 1000;
    private static final double MILLIS = 1e3;

    private PageOptions() {}

    static SpecBuilder declare(SpecBuilder spec, Announcement game) {
        OptionType seconds = numbers(SHORTEST, LONGEST);
        spec.option(PAGE, seconds, 30.0, "Seconds to wait for enough pages to be open.")
                .option(RESET, seconds, 30.0, "Seconds that a page may take for a reset.")
                .option(STEP, seconds, 5.0, "Seconds that a page may take for a step; a slower one is lost.");
        game.options().forEach((name, value) -> spec.episodeOption(name, type(value), value, ""));
        return spec;
    }

    private static OptionType type(Object value) {
        return switch (value) {
            case Boolean ignored -> flag();
            case Long ignored -> integers(Integer.MIN_VALUE, Integer.MAX_VALUE);
            case Double ignored -> numbers(-LARGEST, LARGEST);
            default -> text(LONGEST_TEXT);
        };
    }

    static long pageMillis(Options opened) {
        return millis(opened, PAGE);
    }

    static long resetMillis(Options opened) {
        return millis(opened, RESET);
    }

    static long stepMillis(Options opened) {
        return millis(opened, STEP);
    }

    private static long millis(Options opened, String name) {
        return Math.round(opened.number(name) * MILLIS);
    }

    /// Those of an episode that the game has declared itself.
    static Map<String, Object> ofEpisode(Options options) {
        return options.values().entrySet().stream()
                .filter(option -> !Set.of(PAGE, RESET, STEP).contains(option.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
