package io.hypertoken.games.picture;

import io.hypertoken.env.Frame;

/// A board of square cells to draw on; cells count from 0 at the top left, row by row.
public final class Grid {
    private static final int SKIN = 0xF0C8A0;
    private static final int OUTLINE = 0x2B2F3A;

    private final Canvas canvas;
    private final int columns;
    private final int side;

    /// @param side how many pixels wide and high a cell is
    public Grid(int columns, int rows, int side, int background) {
        this.canvas = new Canvas(columns * side, rows * side, background);
        this.columns = columns;
        this.side = side;
    }

    public Canvas canvas() {
        return canvas;
    }

    /// The first pixel of a cell from the left.
    public int left(int cell) {
        return cell % columns * side;
    }

    /// The first pixel of a cell from the top.
    public int top(int cell) {
        return cell / columns * side;
    }

    /// Paints a cell up to a line of the background around it.
    public void tile(int cell, int colour) {
        canvas.fill(left(cell) + 1, top(cell) + 1, side - 2, side - 2, colour);
    }

    /// A person from head to waist, in the middle of a cell.
    ///
    /// @param size how much of the cell's height it takes
    public void person(int cell, double size, int coat) {
        double high = side * size;
        double x = left(cell) + side / 2.0;
        double top = top(cell) + (side - high) / 2;
        double head = high * 0.26;
        double wide = high * 0.78;
        double shoulders = top + 1.8 * head;
        canvas.rounded(x - wide / 2 - 1, shoulders - 1, wide + 2, high - 1.8 * head + 2, wide / 3, OUTLINE);
        canvas.rounded(x - wide / 2, shoulders, wide, high - 1.8 * head, wide / 3, coat);
        canvas.disc(x, top + head, head + 1, OUTLINE);
        canvas.disc(x, top + head, head, SKIN);
    }

    /// A flag on its pole: the place to reach.
    public void flag(int cell, int colour) {
        double pole = left(cell) + side * 0.32;
        double top = top(cell) + side * 0.16;
        var cloth = Shape.polygon(pole, top, pole + side * 0.45, top + side * 0.18, pole, top + side * 0.36);
        canvas.paint(cloth, pole, top, side * 0.45, side * 0.36, colour);
        canvas.fill((int) pole - 2, (int) top, 4, (int) (side * 0.68), OUTLINE);
    }

    /// What has been drawn; draw no more afterwards.
    public Frame frame() {
        return canvas.frame();
    }
}
