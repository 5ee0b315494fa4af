package io.hypertoken.json;

/// Text for JSON, whatever it holds: Java's strings may contain half a surrogate pair, which UTF-8 has no bytes for.
public final class JsonText {
    private static final char REPLACEMENT = '\uFFFD';
    private static final int CONTROL = 0x20;

    private JsonText() {}

    /// The text with a replacement character for each half pair.
    public static String wellFormed(String text) {
        StringBuilder mended = null;
        for (int k = 0; k < text.length(); k++) {
            if (isHalf(text, k)) {
                if (mended == null) {
                    mended = new StringBuilder(text);
                }
                mended.setCharAt(k, REPLACEMENT);
            }
        }
        return mended == null ? text : mended.toString();
    }

    /// The text as a JSON string, in which a half pair is escaped as it came.
    public static String quoted(String text) {
        var quoted = new StringBuilder(text.length() + 2).append('"');
        for (int k = 0; k < text.length(); k++) {
            char each = text.charAt(k);
            if (each == '"' || each == '\\') {
                quoted.append('\\').append(each);
            } else if (each < CONTROL || isHalf(text, k)) {
                quoted.append("\\u").append(Integer.toHexString(each | 0x10000), 1, 5);
            } else {
                quoted.append(each);
            }
        }
        return quoted.append('"').toString();
    }

    private static boolean isHalf(String text, int at) {
        char each = text.charAt(at);
        if (!Character.isSurrogate(each)) {
            return false;
        }
        if (Character.isHighSurrogate(each)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
    }
}
