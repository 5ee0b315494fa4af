package io.hypertoken.games.picture;

/// A part of the plane. Coordinates are pixels from the top left corner: x to the right, y down.
@FunctionalInterface
public interface Shape {
    boolean holds(double x, double y);

    /// What lies in this shape or in another.
    default Shape or(Shape other) {
        return (x, y) -> holds(x, y) || other.holds(x, y);
    }

    static Shape disc(double centreX, double centreY, double radius) {
        return (x, y) -> (x - centreX) * (x - centreX) + (y - centreY) * (y - centreY) <= radius * radius;
    }

    static Shape rectangle(double left, double top, double width, double height) {
        return (x, y) -> x >= left && x < left + width && y >= top && y < top + height;
    }

    /// A rectangle whose corners are quarters of discs.
    static Shape rounded(double left, double top, double width, double height, double radius) {
        return (x, y) -> {
            double overX = Math.max(Math.max(left + radius - x, x - (left + width - radius)), 0);
            double overY = Math.max(Math.max(top + radius - y, y - (top + height - radius)), 0);
            return overX * overX + overY * overY <= radius * radius;
        };
    }

    /// A polygon; where its edges cross, inside and outside take turns.
    ///
    /// @param corners x and y of each, in order
    static Shape polygon(double... corners) {
        return (x, y) -> {
            boolean inside = false;
            double x0 = corners[corners.length - 2];
            double y0 = corners[corners.length - 1];
            for (int k = 0; k < corners.length; k += 2) {
                double x1 = corners[k];
                double y1 = corners[k + 1];
                if (y0 > y != y1 > y && x < x0 + (y - y0) / (y1 - y0) * (x1 - x0)) {
                    inside = !inside;
                }
                x0 = x1;
                y0 = y1;
            }
            return inside;
        };
    }
}
