package io.hypertoken.games.taxi;

import io.hypertoken.env.Frame;
import io.hypertoken.games.picture.Canvas;
import io.hypertoken.games.picture.Grid;

/// Draws the town from above, 80 pixels a cell: streets, walls, the four stands in their colours, a ring around the
/// destination, the taxi, and the passenger at a stand or on the taxi's back seat.
final class TownPicture {
    private static final int CELL = 80;
    private static final int WALL_WIDTH = 8;

    private static final int LINE = 0x8D949C;
    private static final int STREET = 0xAEB5BC;
    private static final int WALL = 0x3A2E28;
    private static final int[] STANDS = {0xD9534F, 0x5CB85C, 0xE8D44D, 0x4A7FD6};
    private static final int RING = 0xFFFFFF;
    private static final int COAT = 0x8E44AD;
    private static final int TAXI = 0xF7C600;
    private static final int TAXI_EDGE = 0x2B2F3A;
    private static final int WINDOW = 0xCFE8F5;

    private TownPicture() {}

    /// @param passenger a stand, or 4 in the taxi
    static Frame draw(int taxi, int passenger, int destination) {
        var grid = new Grid(Town.SIDE, Town.SIDE, CELL, LINE);
        for (int cell = 0; cell < Town.CELLS; cell++) {
            int stand = Town.standAt(cell);
            grid.tile(cell, stand < 0 ? STREET : STANDS[stand]);
        }
        ring(grid, Town.stand(destination), STANDS[destination]);
        walls(grid);
        taxi(grid.canvas(), grid.left(taxi), grid.top(taxi));
        boolean rides = passenger >= STANDS.length;
        grid.person(rides ? taxi : Town.stand(passenger), rides ? 0.3 : 0.5, COAT);
        return grid.frame();
    }

    private static void ring(Grid grid, int cell, int inside) {
        int left = grid.left(cell);
        int top = grid.top(cell);
        grid.canvas().rounded(left + 6, top + 6, CELL - 12, CELL - 12, 12, RING);
        grid.canvas().rounded(left + 12, top + 12, CELL - 24, CELL - 24, 8, inside);
    }

    private static void walls(Grid grid) {
        for (int cell = 0; cell < Town.CELLS; cell++) {
            boolean last = cell % Town.SIDE == Town.SIDE - 1;
            if (!last && Town.neighbour(cell, Town.EAST) == cell) {
                grid.canvas().fill(grid.left(cell) + CELL - WALL_WIDTH / 2, grid.top(cell), WALL_WIDTH, CELL, WALL);
            }
        }
    }

    private static void taxi(Canvas canvas, int left, int top) {
        canvas.rounded(left + 13, top + 23, 54, 34, 10, TAXI_EDGE);
        canvas.rounded(left + 15, top + 25, 50, 30, 9, TAXI);
        canvas.rounded(left + 24, top + 28, 32, 24, 6, TAXI_EDGE);
        canvas.rounded(left + 26, top + 30, 28, 20, 5, WINDOW);
        for (int wheel = 0; wheel < 4; wheel++) {
            int x = left + (wheel % 2 == 0 ? 20 : 48);
            canvas.rounded(x, top + (wheel < 2 ? 18 : 56), 12, 6, 2, TAXI_EDGE);
        }
    }
}
