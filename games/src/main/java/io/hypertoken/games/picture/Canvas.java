package io.hypertoken.games.picture;

import io.hypertoken.env.Frame;

/// Pixels to draw on. Colours are 0xRRGGBB; what lies outside is not drawn.
///
/* Not java.awt: it is missing from small runtimes, takes long to load, and its pixels differ by platform. */
public final class Canvas {
    /// Samples along each side of a pixel; as many of them as a shape holds, so much of its colour the pixel takes.
    private static final int SAMPLES = 4;

    private final int width;
    private final int height;
    private final byte[] rgb;

    public Canvas(int width, int height, int background) {
        this.width = width;
        this.height = height;
        this.rgb = new byte[width * height * 3];
        fill(0, 0, width, height, background);
    }

    /// Paints whole pixels.
    public void fill(int left, int top, int wide, int high, int colour) {
        int right = Math.min(left + wide, width);
        int bottom = Math.min(top + high, height);
        for (int y = Math.max(top, 0); y < bottom; y++) {
            for (int x = Math.max(left, 0); x < right; x++) {
                mix(x, y, colour, SAMPLES * SAMPLES);
            }
        }
    }

    /// Paints a shape with smooth edges.
    ///
    /// @param left where the rectangle begins outside which nothing of the shape lies
    public void paint(Shape shape, double left, double top, double wide, double high, int colour) {
        int right = (int) Math.min(Math.ceil(left + wide), width);
        int bottom = (int) Math.min(Math.ceil(top + high), height);
        for (int y = (int) Math.max(Math.floor(top), 0); y < bottom; y++) {
            for (int x = (int) Math.max(Math.floor(left), 0); x < right; x++) {
                mix(x, y, colour, held(shape, x, y));
            }
        }
    }

    private static int held(Shape shape, int x, int y) {
        int held = 0;
        for (int k = 0; k < SAMPLES * SAMPLES; k++) {
            double sampleX = x + (k % SAMPLES + 0.5) / SAMPLES;
            double sampleY = y + (k / SAMPLES + 0.5) / SAMPLES;
            held += shape.holds(sampleX, sampleY) ? 1 : 0;
        }
        return held;
    }

    private void mix(int x, int y, int colour, int held) {
        int all = SAMPLES * SAMPLES;
        for (int k = 0; k < 3; k++) {
            int place = (y * width + x) * 3 + k;
            int over = colour >> 16 - 8 * k & 0xFF;
            rgb[place] = (byte) (((rgb[place] & 0xFF) * (all - held) + over * held + all / 2) / all);
        }
    }

    public void disc(double centreX, double centreY, double radius, int colour) {
        var disc = Shape.disc(centreX, centreY, radius);
        paint(disc, centreX - radius, centreY - radius, 2 * radius, 2 * radius, colour);
    }

    public void rounded(double left, double top, double wide, double high, double radius, int colour) {
        paint(Shape.rounded(left, top, wide, high, radius), left, top, wide, high, colour);
    }

    /// Writes characters that [Glyphs] knows.
    ///
    /// @param size how many pixels wide and high a dot of a glyph is
    public void write(String text, int left, int top, int size, int colour) {
        for (int k = 0; k < text.length(); k++) {
            for (int dot = 0; dot < Glyphs.WIDTH * Glyphs.HEIGHT; dot++) {
                if (Glyphs.isDot(text.charAt(k), dot)) {
                    int x = left + (k * (Glyphs.WIDTH + 1) + dot % Glyphs.WIDTH) * size;
                    fill(x, top + dot / Glyphs.WIDTH * size, size, size, colour);
                }
            }
        }
    }

    /// Writes characters with their middle at `centre`.
    public void writeCentred(String text, int centre, int top, int size, int colour) {
        write(text, centre - (text.length() * (Glyphs.WIDTH + 1) - 1) * size / 2, top, size, colour);
    }

    /// What has been drawn; draw no more afterwards.
    public Frame frame() {
        return new Frame(width, height, rgb);
    }
}
