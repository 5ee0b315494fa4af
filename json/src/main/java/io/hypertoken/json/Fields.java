package io.hypertoken.json;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.MISSING_FIELD;
import static io.hypertoken.ErrorCode.UNKNOWN_AGENT;

import io.hypertoken.DidYouMean;
import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The fields of one request, read with exact refusals; null counts as absent, and unknown fields are not looked at.
///
/// @param command the command's name, for messages
/// @param values the message
public record Fields(String command, Map<String, @Nullable Object> values) {
    /// The largest integer that every JSON reader holds exactly.
    public static final long LARGEST_SEED = (1L << 53) - 1;

    /// Whether a field is there.
    public boolean has(String name) {
        return values.get(name) != null;
    }

    /// A field as it came; null when absent.
    public @Nullable Object raw(String name) {
        return values.get(name);
    }

    /// An integer from `low` to `high`; null when absent.
    public @Nullable Long integer(String name, long low, long high) {
        Object value = values.get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof Long integer) || integer < low || integer > high) {
            throw refusal(name, "an integer from " + low + " to " + high);
        }
        return integer;
    }

    /// A seed; null when absent.
    public @Nullable Long seed() {
        return integer("seed", 0, LARGEST_SEED);
    }

    /// True or false; false when absent.
    public boolean flag(String name) {
        return switch (values.get(name)) {
            case null -> false;
            case Boolean flag -> flag;
            default -> throw refusal(name, "true or false");
        };
    }

    /// Text; null when absent.
    public @Nullable String text(String name) {
        return switch (values.get(name)) {
            case null -> null;
            case String text -> text;
            default -> throw refusal(name, "a string");
        };
    }

    /// Text that the command needs.
    ///
    /// @param example what to send, for the message
    public String requiredText(String name, String example) {
        String text = text(name);
        if (text == null) {
            throw missing(name, example);
        }
        return text;
    }

    /// The constant whose name in lower case is given; null when absent.
    public <E extends Enum<E>> @Nullable E choice(String name, Class<E> type) {
        if (!has(name)) {
            return null;
        }
        List<String> words = Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList();
        int index = values.get(name) instanceof String word ? words.indexOf(word) : -1;
        if (index < 0) {
            throw refusal(name, "one of " + String.join(", ", words));
        }
        return type.getEnumConstants()[index];
    }

    /// An object; empty when absent.
    public Map<String, @Nullable Object> object(String name) {
        Object value = values.get(name);
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?>)) {
            throw refusal(name, "an object");
        }
        @SuppressWarnings("unchecked") // JsonMessage makes no other maps
        var object = (Map<String, @Nullable Object>) value;
        return object;
    }

    /// The index of a named agent.
    ///
    /// @throws HyperTokenException `missing_field`, `bad_field` or `unknown_agent`
    public int agent(List<String> agents) {
        return agentIndex(requiredText("agent", "\"agent\":\"" + agents.getFirst() + "\""), agents);
    }

    /// The index of a name among `agents`.
    ///
    /// @throws HyperTokenException `unknown_agent`
    public static int agentIndex(String name, List<String> agents) {
        int index = agents.indexOf(name);
        if (index < 0) {
            throw new HyperTokenException(
                    UNKNOWN_AGENT,
                    "there is no agent " + Shown.value(name),
                    "this environment's agents are " + String.join(", ", agents),
                    DidYouMean.nearest(name, agents).isEmpty() ? "name one of these" : DidYouMean.hint(name, agents));
        }
        return index;
    }

    /// What to throw where a needed field is absent.
    ///
    /// @param example what to send
    public HyperTokenException missing(String name, String example) {
        return new HyperTokenException(
                MISSING_FIELD, command + " lacks " + name, "the command needs it", "add " + example);
    }

    /// What to throw where a field is not as it must be.
    public HyperTokenException refusal(String name, String expected) {
        return new HyperTokenException(
                BAD_FIELD,
                command + " refused " + name + "=" + Shown.value(values.get(name)),
                name + " must be " + expected,
                "send that, or leave it out where it is optional");
    }
}
