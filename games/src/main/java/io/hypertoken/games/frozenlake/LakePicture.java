package io.hypertoken.games.frozenlake;

import io.hypertoken.env.Frame;
import io.hypertoken.games.picture.Grid;

/// Draws the lake from above, 64 pixels a cell: pale ice, dark holes, a ring where walks begin and a flag at the goal.
final class LakePicture {
    private static final int CELL = 64;
    private static final int LARGEST = 2048; // pixels along the longer side

    private static final int LINE = 0xA9CFE6;
    private static final int ICE = 0xE4F3FB;
    private static final int HOLE_RIM = 0x7FB2D1;
    private static final int HOLE = 0x123A5A;
    private static final int RING = 0x6FBF73;
    private static final int GOAL = 0xD62839;
    private static final int COAT = 0xD9822B;
    private static final int DROWNED = 0x3F6C8C;

    private LakePicture() {}

    static Frame draw(Lake lake, int walker) {
        int rows = lake.cells() / lake.columns();
        int side = Math.clamp(LARGEST / Math.max(rows, lake.columns()), 1, CELL);
        var grid = new Grid(lake.columns(), rows, side, LINE);
        for (int cell = 0; cell < lake.cells(); cell++) {
            grid.tile(cell, ICE);
            double x = grid.left(cell) + side / 2.0;
            double y = grid.top(cell) + side / 2.0;
            switch (lake.tile(cell)) {
                case 'H' -> {
                    grid.canvas().disc(x, y, side * 0.42, HOLE_RIM);
                    grid.canvas().disc(x, y, side * 0.37, HOLE);
                }
                case 'S' -> {
                    grid.canvas().disc(x, y, side * 0.4, RING);
                    grid.canvas().disc(x, y, side * 0.34, ICE);
                }
                case 'G' -> grid.flag(cell, GOAL);
                default -> {}
            }
        }
        boolean drowned = lake.tile(walker) == 'H';
        grid.person(walker, drowned ? 0.4 : 0.62, drowned ? DROWNED : COAT);
        return grid.frame();
    }
}
