package io.hypertoken.games.picture;

/// Draws a playing card, face up or down.
public final class CardPicture {
    public static final int WIDTH = 44;
    public static final int HEIGHT = 62;

    private static final int FACE = 0xFFFFFF;
    private static final int EDGE = 0x9AA5A0;
    private static final int BACK = 0x24408E;
    private static final int BACK_PATTERN = 0x4A6BC4;
    private static final int BLACK = 0x1A1A1A;
    private static final int RED = 0xC8202F;
    private static final double CORNER = 5;
    private static final double PIP = 9; // from the middle of a suit's sign to its edge

    private CardPicture() {}

    /// @param rank "A", "2" … "10", "J", "Q" or "K"
    /// @param suit 0 spades, 1 hearts, 2 diamonds, 3 clubs
    public static void draw(Canvas canvas, String rank, int suit, int left, int top) {
        plain(canvas, left, top, FACE);
        int colour = suit == 1 || suit == 2 ? RED : BLACK;
        canvas.write(rank, left + 4, top + 5, 2, colour);
        double x = left + WIDTH / 2.0;
        double y = top + 43;
        canvas.paint(sign(suit, x, y), x - PIP, y - PIP - 2, 2 * PIP, 2 * PIP + 4, colour);
    }

    public static void drawBack(Canvas canvas, int left, int top) {
        plain(canvas, left, top, FACE);
        canvas.rounded(left + 4, top + 4, WIDTH - 8, HEIGHT - 8, CORNER - 2, BACK);
        for (int k = 0; k < 6; k++) {
            canvas.disc(left + (k % 2 * 2 + 1) * WIDTH / 4.0, top + (k / 2 * 2 + 1) * HEIGHT / 6.0, 5, BACK_PATTERN);
        }
    }

    private static void plain(Canvas canvas, int left, int top, int face) {
        canvas.rounded(left, top, WIDTH, HEIGHT, CORNER, EDGE);
        canvas.rounded(left + 1, top + 1, WIDTH - 2, HEIGHT - 2, CORNER - 1, face);
    }

    /// The sign of a suit, about [#PIP] to all sides of its middle.
    ///
    /// @param suit 0 spades, 1 hearts, 2 diamonds, 3 clubs
    private static Shape sign(int suit, double x, double y) {
        var foot = Shape.polygon(x, y, x + 4, y + 9, x - 4, y + 9);
        return switch (suit) {
            case 0 ->
                Shape.disc(x - 4, y + 2, 4.6)
                        .or(Shape.disc(x + 4, y + 2, 4.6))
                        .or(Shape.polygon(x, y - 9.5, x + 8, y, x - 8, y))
                        .or(foot);
            case 1 ->
                Shape.disc(x - 4, y - 4, 4.6)
                        .or(Shape.disc(x + 4, y - 4, 4.6))
                        .or(Shape.polygon(x, y + 9, x + 8.2, y - 2, x, y - 4, x - 8.2, y - 2));
            case 2 -> Shape.polygon(x, y - 10, x + 7.5, y, x, y + 10, x - 7.5, y);
            default ->
                Shape.disc(x, y - 4.5, 4.4)
                        .or(Shape.disc(x - 4.5, y + 2, 4.4))
                        .or(Shape.disc(x + 4.5, y + 2, 4.4))
                        .or(Shape.disc(x, y, 2))
                        .or(foot);
        };
    }
}
