package io.hypertoken;

import org.jspecify.annotations.Nullable;

/// What messages and logs show of what came from outside: always short, and never itself a failure.
///
/// Values may be megabytes long, and an exception of somebody's environment may throw when it is asked for its message.
public final class Shown {
    private static final int VALUE = 60;
    private static final int FAILURE = 300;
    private static final int FRAMES = 8;

    private Shown() {}

    /// A value as it came, texts in quotes, at most some 60 characters of it.
    public static String value(@Nullable Object value) {
        return value instanceof String text ? '"' + shortened(text, VALUE) + '"' : shortened(text(value), VALUE);
    }

    /// A failure's class and message, at most some 300 characters of them.
    public static String failure(Throwable thrown) {
        return shortened(text(thrown), FAILURE);
    }

    /// A failure and where it was thrown, for a log: a few lines.
    public static String trace(Throwable thrown) {
        var lines = new StringBuilder(failure(thrown));
        StackTraceElement[] frames = frames(thrown);
        for (int k = 0; k < Math.min(FRAMES, frames.length); k++) {
            lines.append("\n\tat ").append(frames[k]);
        }
        return lines.toString();
    }

    /// The beginning of a text that is longer than `limit` characters, which never ends inside a surrogate pair.
    public static String shortened(String text, int limit) {
        if (text.length() <= limit) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit;
        return text.substring(0, end) + "…";
    }

    private static String text(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        try {
            String text = value.toString();
            return text == null ? value.getClass().getName() : text;
        } catch (Throwable speechless) { // whatever it is, the caller has something to tell
            return value.getClass().getName();
        }
    }

    private static StackTraceElement[] frames(Throwable thrown) {
        try {
            return thrown.getStackTrace();
        } catch (Throwable speechless) {
            return new StackTraceElement[0];
        }
    }
}
