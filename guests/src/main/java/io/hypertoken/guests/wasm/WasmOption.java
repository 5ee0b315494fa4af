package io.hypertoken.guests.wasm;

import io.hypertoken.HyperTokenException;
import io.hypertoken.env.OptionType;
import io.hypertoken.env.Options;
import io.hypertoken.env.SpecBuilder;
import io.hypertoken.json.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// An option that a module declares. The module is told its value as one number: 0 or 1 for a flag, the word's place
/// for
/// a choice.
///
/// @param episode whether it holds for one episode, and is told before each reset
record WasmOption(String name, OptionType type, Object defaultValue, boolean episode, String about) {
    private static final int MOST = 100;
    private static final String TYPES = "integer, number, flag or choice; a text has no number";

    /// Those that a description declares.
    ///
    /// @throws HyperTokenException `bad_field` or `missing_field`
    static List<WasmOption> all(Fields description) {
        Object json = description.raw("options");
        if (json == null) {
            return List.of();
        }
        if (!(json instanceof List<?> list) || list.size() > MOST) {
            throw description.refusal("options", "an array of at most " + MOST + " objects");
        }
        var options = new ArrayList<WasmOption>();
        for (Object each : list) {
            var wrapped =
                    new Fields(description.command() + ".options", Map.of("option", each == null ? "null" : each));
            options.add(read(new Fields(wrapped.command(), wrapped.object("option"))));
        }
        return List.copyOf(options);
    }

    private static WasmOption read(Fields fields) {
        String name = fields.requiredText("name", "\"name\": \"size\"");
        String kind = fields.requiredText("type", "\"type\": \"integer\"");
        OptionType type = switch (kind) {
            case "integer" -> OptionType.integers((int) number(fields, "low", -1e9), (int) number(fields, "high", 1e9));
            case "number" -> OptionType.numbers(number(fields, "low", -1e9), number(fields, "high", 1e9));
            case "flag" -> OptionType.flag();
            case "choice" ->
                OptionType.choice(WasmDescription.texts(fields, "words", MOST).toArray(String[]::new));
            default -> throw fields.refusal("type", TYPES);
        };
        Object value = fields.raw("default");
        if (value == null) {
            throw fields.missing("default", "\"default\": …, " + type.rule());
        }
        String about = fields.text("about");
        return new WasmOption(name, type, value, fields.flag("episode"), about == null ? "" : about);
    }

    private static double number(Fields fields, String name, double otherwise) {
        return switch (fields.raw(name)) {
            case null -> otherwise;
            case Number number -> number.doubleValue();
            default -> throw fields.refusal(name, "a number");
        };
    }

    void declare(SpecBuilder builder) {
        if (episode) {
            builder.episodeOption(name, type, defaultValue, about);
        } else {
            builder.option(name, type, defaultValue, about);
        }
    }

    /// The number that tells its value.
    double number(Options options) {
        return switch (type) {
            case OptionType.Integers integers -> options.integer(name);
            case OptionType.Numbers numbers -> options.number(name);
            case OptionType.Flag flag -> options.flag(name) ? 1 : 0;
            case OptionType.Choice choice -> choice.words().indexOf(options.text(name));
            case OptionType.Text text -> throw new IllegalStateException("no module has a text option: " + name);
        };
    }
}
