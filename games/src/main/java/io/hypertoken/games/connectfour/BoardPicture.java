package io.hypertoken.games.connectfour;

import io.hypertoken.env.Frame;
import io.hypertoken.games.picture.Canvas;

/// Draws the board as it stands upright: 448 by 384 pixels, player_0's tokens red, player_1's yellow.
final class BoardPicture {
    private static final int CELL = 64;
    private static final double RADIUS = 26;

    private static final int BOARD = 0x1F4FA3;
    private static final int HOLE = 0xEEF2F8;
    private static final int[] TOKENS = {0xD62839, 0xF4C430};
    private static final int[] RIMS = {0xA81C2B, 0xC79B16};
    private static final double RIM = 5;

    private final Canvas canvas;
    private final int rows;

    BoardPicture(int columns, int rows) {
        this.canvas = new Canvas(columns * CELL, rows * CELL, BOARD);
        this.rows = rows;
        for (int column = 0; column < columns; column++) {
            for (int height = 0; height < rows; height++) {
                canvas.disc(centreX(column), centreY(height), RADIUS, HOLE);
            }
        }
    }

    /// @param height cells from the bottom
    void token(int side, int column, int height) {
        canvas.disc(centreX(column), centreY(height), RADIUS, RIMS[side]);
        canvas.disc(centreX(column), centreY(height), RADIUS - RIM, TOKENS[side]);
    }

    private static double centreX(int column) {
        return (column + 0.5) * CELL;
    }

    private double centreY(int height) {
        return (rows - height - 0.5) * CELL;
    }

    Frame frame() {
        return canvas.frame();
    }
}
