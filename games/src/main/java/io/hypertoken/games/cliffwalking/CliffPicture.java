package io.hypertoken.games.cliffwalking;

import io.hypertoken.env.Frame;
import io.hypertoken.games.picture.Grid;
import io.hypertoken.games.picture.Shape;

/// Draws the walk from above, 60 pixels a cell: grass, the dark cliff with its broken edge, and a flag at the end.
final class CliffPicture {
    private static final int CELL = 60;
    private static final int TEETH = 4; // along a cell's edge

    private static final int LINE = 0x5E9B4F;
    private static final int GRASS = 0x7DBB6B;
    private static final int PATH = 0xC8B27A;
    private static final int ABYSS = 0x2A2430;
    private static final int ROCK = 0x6B5B4C;
    private static final int GOAL = 0xD62839;
    private static final int COAT = 0x2F6FB5;

    private CliffPicture() {}

    /// @param start the cell where every walk begins; the cells between it and the last are the cliff
    static Frame draw(int columns, int rows, int start, int walker) {
        var grid = new Grid(columns, rows, CELL, LINE);
        int goal = columns * rows - 1;
        for (int cell = 0; cell <= goal; cell++) {
            boolean cliff = cell > start && cell < goal;
            grid.tile(cell, cliff ? ABYSS : cell == start ? PATH : GRASS);
            if (cliff) {
                edge(grid, cell);
            }
        }
        grid.flag(goal, GOAL);
        grid.person(walker, 0.62, COAT);
        return grid.frame();
    }

    private static void edge(Grid grid, int cell) {
        double tooth = (double) CELL / TEETH;
        for (int k = 0; k < TEETH; k++) {
            double left = grid.left(cell) + k * tooth;
            double top = grid.top(cell);
            double deep = k % 2 == 0 ? tooth * 1.5 : tooth;
            var rock = Shape.polygon(left, top, left + tooth, top, left + tooth / 2, top + deep);
            grid.canvas().paint(rock, left, top, tooth, deep, ROCK);
        }
    }
}
