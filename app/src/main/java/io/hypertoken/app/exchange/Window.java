package io.hypertoken.app.exchange;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The lengths of time that the prices API averages over.
public enum Window {
    M5("5m", 300),
    M10("10m", 600),
    M30("30m", 1800),
    H1("1h", 3600),
    H6("6h", 21_600),
    H24("24h", 86_400);

    private static final Pattern WORD = Pattern.compile("(?<![a-z0-9])(5m|10m|30m|1h|6h|24h)(?![a-z0-9])");

    private final String word;
    private final int seconds;

    Window(String word, int seconds) {
        this.word = word;
        this.seconds = seconds;
    }

    /// As the API writes it.
    public String word() {
        return word;
    }

    public int seconds() {
        return seconds;
    }

    /// The one of a name such as 5m; null if there is none.
    public static @Nullable Window of(String word) {
        return Arrays.stream(values())
                .filter(window -> window.word.equals(word))
                .findFirst()
                .orElse(null);
    }

    /// The one that is so long; null if there is none.
    static @Nullable Window of(long seconds) {
        return Arrays.stream(values())
                .filter(window -> window.seconds == seconds)
                .findFirst()
                .orElse(null);
    }

    /// The one whose name stands last in a path as a word of its own, as in `5m/1767571200.json`; null if none does.
    static @Nullable Window in(String path) {
        Matcher words = WORD.matcher(path.toLowerCase(Locale.ROOT));
        Window last = null;
        while (words.find()) {
            last = of(words.group());
        }
        return last;
    }

    /// Their names, for messages.
    public static String words() {
        return Arrays.stream(values()).map(Window::word).collect(Collectors.joining(", "));
    }
}
