package io.hypertoken.server.events.store;

import static io.hypertoken.ErrorCode.BAD_OPTION;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// When what was stored is forced onto the disk. Whatever it says, a stored event outlives its process; this is about
/// the machine.
///
/// @param every at most so long after it was stored; zero: before the append completes; null: when the system likes
public record FsyncPolicy(@Nullable Duration every) {
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Pattern MILLIS = Pattern.compile("([1-9][0-9]{0,4})ms");

    /// Nothing stored is lost with the machine; each append waits for the disk.
    public static final FsyncPolicy ALWAYS = new FsyncPolicy(Duration.ZERO);

    /// The system decides, usually within half a minute.
    public static final FsyncPolicy NEVER = new FsyncPolicy(null);

    /// All that was stored within 50 ms goes to the disk together.
    public static final FsyncPolicy DEFAULT = new FsyncPolicy(Duration.ofMillis(50));

    public FsyncPolicy {
        if (every != null && (every.isNegative() || every.compareTo(LONGEST) > 0)) {
            throw refusal(every.toMillis() + "ms");
        }
    }

    /// The policy that a command line names: `always`, `never`, or a time such as `50ms`.
    ///
    /// @throws HyperTokenException `bad_option`
    public static FsyncPolicy parse(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        Matcher millis = MILLIS.matcher(lower);
        return switch (lower) {
            case "always" -> ALWAYS;
            case "never" -> NEVER;
            default -> {
                if (!millis.matches()) {
                    throw refusal(word);
                }
                yield new FsyncPolicy(Duration.ofMillis(Long.parseLong(millis.group(1))));
            }
        };
    }

    /// As [#parse] reads it.
    @Override
    public String toString() {
        if (every == null) {
            return "never";
        }
        return every.isZero() ? "always" : every.toMillis() + "ms";
    }

    private static HyperTokenException refusal(String word) {
        return new HyperTokenException(
                BAD_OPTION,
                "refused the fsync policy " + Shown.value(word),
                "it is always, never, or a time from 1ms to 60000ms",
                "name one of these, or leave it out for 50ms");
    }
}
