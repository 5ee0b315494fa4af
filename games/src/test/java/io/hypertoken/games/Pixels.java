package io.hypertoken.games;

import io.hypertoken.env.Frame;

/// Reads single pixels of a drawn row.
public record Pixels(Frame frame) {

    public static Pixels of(OneRow row) {
        Frame frame = row.vector.frame(0);
        if (frame == null) {
            throw new AssertionError("the row drew no picture");
        }
        return new Pixels(frame);
    }

    /// The colour as 0xRRGGBB, in hexadecimal.
    public String at(int x, int y) {
        int place = (y * frame.width() + x) * 3;
        byte[] rgb = frame.rgb();
        return "%02x%02x%02x".formatted(rgb[place] & 0xFF, rgb[place + 1] & 0xFF, rgb[place + 2] & 0xFF);
    }

    /// How many pixels have this colour.
    public long count(String colour) {
        long count = 0;
        for (int y = 0; y < frame.height(); y++) {
            for (int x = 0; x < frame.width(); x++) {
                count += at(x, y).equals(colour) ? 1 : 0;
            }
        }
        return count;
    }
}
