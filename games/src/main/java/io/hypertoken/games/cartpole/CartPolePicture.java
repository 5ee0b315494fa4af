package io.hypertoken.games.cartpole;

import io.hypertoken.env.Frame;
import io.hypertoken.games.picture.Canvas;
import io.hypertoken.games.picture.Shape;

/// Draws a cart and its pole: 600 by 400 pixels, with the sizes and colours of Gymnasium's.
final class CartPolePicture {
    private static final int WIDTH = 600;
    private static final int HEIGHT = 400;
    private static final double PIXELS_PER_METRE = WIDTH / (2 * CartPole.POSITION_LIMIT);
    private static final int TRACK = 299; // pixels from the top
    // A pixel wider than Gymnasium says: it fills its polygons to both edges.
    private static final double CART_WIDTH = 51;
    private static final double CART_HEIGHT = 31;
    private static final double CART_TOP = TRACK + 0.5 - CART_HEIGHT / 2;
    private static final double AXLE = TRACK - 7;
    private static final double POLE_WIDTH = 11;
    private static final double POLE_LENGTH = PIXELS_PER_METRE * 2 * CartPole.HALF_LENGTH;

    private static final int WHITE = 0xFFFFFF;
    private static final int BLACK = 0x000000;
    private static final int POLE = 0xCA9865;
    private static final int AXLE_COLOUR = 0x8184CB;

    private CartPolePicture() {}

    /// @param x the cart's position in m
    /// @param theta the pole's angle in rad, to the right
    static Frame draw(double x, double theta) {
        var canvas = new Canvas(WIDTH, HEIGHT, WHITE);
        canvas.fill(0, TRACK, WIDTH, 1, BLACK);
        double cart = x * PIXELS_PER_METRE + WIDTH / 2.0 + 0.5; // the middle of a pixel
        double left = cart - CART_WIDTH / 2;
        var body = Shape.rectangle(left, CART_TOP, CART_WIDTH, CART_HEIGHT);
        canvas.paint(body, left, CART_TOP, CART_WIDTH, CART_HEIGHT, BLACK);
        double reach = POLE_LENGTH + POLE_WIDTH;
        canvas.paint(pole(cart, theta), cart - reach, AXLE - reach, 2 * reach, 2 * reach, POLE);
        canvas.disc(cart, AXLE, POLE_WIDTH / 2, AXLE_COLOUR);
        return canvas.frame();
    }

    /// The pole begins half its width below the axle.
    private static Shape pole(double cart, double theta) {
        double sin = StrictMath.sin(theta);
        double cos = StrictMath.cos(theta);
        double side = POLE_WIDTH / 2;
        double top = POLE_LENGTH - POLE_WIDTH / 2;
        return (x, y) -> {
            double right = x - cart;
            double up = AXLE - y;
            double along = right * sin + up * cos;
            double across = right * cos - up * sin;
            return along >= -side && along < top && across >= -side && across < side;
        };
    }
}
