package io.hypertoken.games.picture;

/// The few characters that pictures need, as dots.
final class Glyphs {
    static final int WIDTH = 5;
    static final int HEIGHT = 7;

    private static final String KNOWN = "0123456789AJQK.";
    /// By character, its rows from the top.
    private static final String[] DOTS = {
        "01110 10001 10011 10101 11001 10001 01110",
        "00100 01100 00100 00100 00100 00100 01110",
        "01110 10001 00001 00110 01000 10000 11111",
        "01110 10001 00001 00110 00001 10001 01110",
        "00010 00110 01010 10010 11111 00010 00010",
        "11111 10000 11110 00001 00001 10001 01110",
        "00110 01000 10000 11110 10001 10001 01110",
        "11111 00001 00010 00100 01000 01000 01000",
        "01110 10001 10001 01110 10001 10001 01110",
        "01110 10001 10001 01111 00001 00010 01100",
        "01110 10001 10001 11111 10001 10001 10001",
        "00111 00010 00010 00010 00010 10010 01100",
        "01110 10001 10001 10001 10101 10010 01101",
        "10001 10010 10100 11000 10100 10010 10001",
        "00000 00000 00000 00000 00000 00100 00100",
    };

    private Glyphs() {}

    /// @param dot counted along the rows
    static boolean isDot(char character, int dot) {
        int known = KNOWN.indexOf(character);
        if (known < 0) {
            throw new IllegalStateException("no glyph was drawn for '" + character + "'");
        }
        return DOTS[known].charAt(dot / WIDTH * (WIDTH + 1) + dot % WIDTH) == '1';
    }
}
