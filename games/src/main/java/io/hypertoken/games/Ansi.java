package io.hypertoken.games;

/// Colours of a text terminal, by the escape codes that Gymnasium's `colorize` writes.
public enum Ansi {
    RED(31),
    GREEN(32),
    YELLOW(33),
    BLUE(34),
    MAGENTA(35);

    private static final int BACKGROUND = 10;

    private final int code;

    Ansi(int code) {
        this.code = code;
    }

    /// Text in this colour.
    public String write(String text) {
        return escape(Integer.toString(code), text);
    }

    /// Bold text in this colour.
    public String bold(String text) {
        return escape(code + ";1", text);
    }

    /// Text on this colour.
    public String highlight(String text) {
        return escape(Integer.toString(code + BACKGROUND), text);
    }

    private static String escape(String attributes, String text) {
        return "\u001b[" + attributes + "m" + text + "\u001b[0m";
    }
}
