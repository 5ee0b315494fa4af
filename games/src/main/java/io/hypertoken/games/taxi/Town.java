package io.hypertoken.games.taxi;

/// The streets of the 5 × 5 town: cells count from 0 at the top left, row by row.
final class Town {
    static final int SIDE = 5;
    static final int CELLS = SIDE * SIDE;
    static final int SOUTH = 0;
    static final int NORTH = 1;
    static final int EAST = 2;
    static final int WEST = 3;

    /// A colon is an open way between two cells, a bar a wall; the letters are the four stands.
    static final String[] MAP = {
        "+---------+", //
        "|R: | : :G|",
        "| : | : : |",
        "| : : : : |",
        "| | : | : |",
        "|Y| : |B: |",
        "+---------+"
    };

    /// The stands red, green, yellow and blue.
    private static final int[] STANDS = {0, 4, 20, 23};

    private static final int[] NEIGHBOURS = new int[4 * CELLS];

    static {
        for (int cell = 0; cell < CELLS; cell++) {
            int row = cell / SIDE;
            String line = MAP[1 + row];
            int at = 2 * (cell % SIDE) + 1;
            NEIGHBOURS[4 * cell + SOUTH] = row < SIDE - 1 ? cell + SIDE : cell;
            NEIGHBOURS[4 * cell + NORTH] = row > 0 ? cell - SIDE : cell;
            NEIGHBOURS[4 * cell + EAST] = line.charAt(at + 1) == ':' ? cell + 1 : cell;
            NEIGHBOURS[4 * cell + WEST] = line.charAt(at - 1) == ':' ? cell - 1 : cell;
        }
    }

    private Town() {}

    /// The cell that a move leads to; the same one where a wall or the edge is in the way.
    static int neighbour(int cell, int heading) {
        return NEIGHBOURS[4 * cell + heading];
    }

    static int leftOf(int heading) {
        return switch (heading) {
            case SOUTH -> EAST;
            case NORTH -> WEST;
            case EAST -> NORTH;
            default -> SOUTH;
        };
    }

    static int rightOf(int heading) {
        return switch (heading) {
            case SOUTH -> WEST;
            case NORTH -> EAST;
            case EAST -> SOUTH;
            default -> NORTH;
        };
    }

    /// The cell of a stand.
    static int stand(int index) {
        return STANDS[index];
    }

    /// Which stand a cell is; -1 for none.
    static int standAt(int cell) {
        for (int k = 0; k < STANDS.length; k++) {
            if (STANDS[k] == cell) {
                return k;
            }
        }
        return -1;
    }
}
