package io.hypertoken.server.relay.wire;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.guests.DeclaredSpaces;
import io.hypertoken.json.Fields;
import io.hypertoken.space.Space;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a page says of the game that it hosts: `{"type":"host","protocol":1,"name",…}`.
///
/// @param name the game's, by which players ask for it
/// @param agents the agents' names, in index order
/// @param simultaneous whether all alive agents act at once
/// @param observation what every agent sees
/// @param action what every agent may do
/// @param masked whether the game says which actions are allowed
/// @param stepLimit after how many steps an episode is truncated; 0 for never
/// @param actionNames of a Discrete action space; may be empty
/// @param about the rules in a few sentences; may be empty
/// @param width of its picture in pixels; 0 where it is not drawn
/// @param height of its picture in pixels
/// @param options of an episode, each with its default: a Boolean, Long, Double or String
/// @param told all of it as plain values, but how many instances there are
public record Announcement(
        String name,
        List<String> agents,
        boolean simultaneous,
        Space observation,
        Space action,
        boolean masked,
        int stepLimit,
        List<String> actionNames,
        String about,
        int width,
        int height,
        Map<String, Object> options,
        Map<String, @Nullable Object> told) {
    /// The protocol that pages speak.
    public static final long PROTOCOL = 1;

    /// The most instances of a game that a page may host.
    public static final int MOST_INSTANCES = 4096;

    private static final int MOST_AGENTS = 64;
    private static final int MOST_OPTIONS = 64;
    private static final int LONGEST_ABOUT = 4000;
    private static final long MOST_BYTES = 256L << 20;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern AGENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._ -]{0,63}");
    private static final List<String> FIELDS = List.of(
            "name",
            "agents",
            "turns",
            "observation_space",
            "action_space",
            "masked",
            "max_episode_steps",
            "action_names",
            "about",
            "frame",
            "options");
    private static final int LONGEST_SIDE = 4096;

    /// Reads what a page says of its game.
    ///
    /// @throws HyperTokenException `bad_field` or `missing_field` for what cannot be hosted
    public static Announcement of(Map<String, @Nullable Object> message) {
        var fields = new Fields("host", message);
        String name = fields.requiredText("name", "\"name\":\"my-game\"");
        if (!NAME.matcher(name).matches()) {
            throw fields.refusal("name", "a word of letters, digits, dots, hyphens and underscores");
        }
        List<String> agents = words(fields, "agents", AGENT, MOST_AGENTS);
        String turns = fields.text("turns");
        if (turns != null && !turns.equals("sequential") && !turns.equals("simultaneous")) {
            throw fields.refusal("turns", "one of sequential, simultaneous");
        }
        Long limit = fields.integer("max_episode_steps", 1, Integer.MAX_VALUE);
        String about = fields.text("about");
        Space action = space(fields, "action_space");
        var announced = new Announcement(
                name,
                agents.isEmpty() ? List.of("player_0") : agents,
                "simultaneous".equals(turns),
                space(fields, "observation_space"),
                action,
                fields.flag("masked") && action.maskSize() > 0,
                limit == null ? 0 : limit.intValue(),
                words(fields, "action_names", AGENT, action.maskSize()),
                about == null ? "" : Shown.shortened(about, LONGEST_ABOUT),
                side(fields, 0),
                side(fields, 1),
                options(fields),
                told(message));
        if (announced.longestAnswer(1) > MOST_BYTES) {
            throw fields.refusal("observation_space", "one whose values take at most " + MOST_BYTES + " bytes");
        }
        return announced;
    }

    /// How many instances of its game a page hosts.
    ///
    /// @throws HyperTokenException `bad_field`
    public int instances(Map<String, @Nullable Object> message) {
        var fields = new Fields("host", message);
        Long given = fields.integer("instances", 1, MOST_INSTANCES);
        int instances = given == null ? 1 : given.intValue();
        if (longestAnswer(instances) > MOST_BYTES) {
            throw fields.refusal("instances", "so few that all they show takes at most " + MOST_BYTES + " bytes");
        }
        return instances;
    }

    /// Where the columns of its frames lie.
    public RowLayout layout() {
        return new RowLayout(agents.size(), action.leaves(), observation.leaves(), masked ? action.maskSize() : 0);
    }

    /// The most bytes of an answer about so many rows.
    public long longestAnswer(int rows) {
        long cell = 32
                + action.maskSize()
                + observation.leaves().stream()
                        .mapToLong(leaf -> leaf.bytes() + 8L)
                        .sum();
        long picture = 3L * width * height;
        return rows * (cell * agents.size() + 32) + Math.max(RowLayout.MOST_JSON, picture) + 4096;
    }

    private static Map<String, @Nullable Object> told(Map<String, @Nullable Object> message) {
        var told = new LinkedHashMap<String, @Nullable Object>();
        FIELDS.forEach(field -> {
            if (message.get(field) != null) {
                told.put(field, message.get(field));
            }
        });
        return told;
    }

    private static Space space(Fields fields, String name) {
        Object given = fields.raw(name);
        if (given == null) {
            throw fields.missing(name, "\"" + name + "\":{\"type\":\"discrete\",\"n\":4}");
        }
        return DeclaredSpaces.read(given, name);
    }

    /// The width or the height of `"frame": [width, height]`.
    private static int side(Fields fields, int which) {
        Object frame = fields.raw("frame");
        if (frame == null) {
            return 0;
        }
        if (frame instanceof List<?> sides
                && sides.size() == 2
                && sides.get(which) instanceof Long side
                && side >= 1
                && side <= LONGEST_SIDE) {
            return side.intValue();
        }
        throw fields.refusal("frame", "its width and height in pixels, each from 1 to " + LONGEST_SIDE);
    }

    private static List<String> words(Fields fields, String name, Pattern pattern, int most) {
        Object given = fields.raw(name);
        if (given == null) {
            return List.of();
        }
        if (!(given instanceof List<?> list)
                || list.size() > most
                || list.stream().distinct().count() != list.size()
                || !list.stream()
                        .allMatch(word -> word instanceof String text
                                && pattern.matcher(text).matches())) {
            throw fields.refusal(name, "at most " + most + " names, all different");
        }
        return list.stream().map(String.class::cast).toList();
    }

    private static Map<String, Object> options(Fields fields) {
        Map<String, @Nullable Object> given = fields.object("options");
        var options = new LinkedHashMap<String, Object>();
        given.forEach((name, value) -> {
            boolean plain = value instanceof Boolean
                    || value instanceof Long
                    || value instanceof Double
                    || value instanceof String;
            if (value == null || !plain || options.size() == MOST_OPTIONS) {
                throw fields.refusal("options", "names, each with its default: true or false, a number or a text");
            }
            options.put(name, value);
        });
        return options;
    }

    /// Whether another page hosts the very same game.
    public boolean isThatOf(Announcement other) {
        return told.equals(other.told);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Announcement announcement && isThatOf(announcement);
    }

    @Override
    public int hashCode() {
        return told.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
