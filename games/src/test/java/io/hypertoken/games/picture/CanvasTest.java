package io.hypertoken.games.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CanvasTest {

    @Test
    void whatLiesOutsideIsNotDrawn() {
        var canvas = new Canvas(3, 2, 0x000000);

        canvas.fill(2, -5, 10, 6, 0xFFFFFF);
        canvas.disc(-1e12, 1e12, 3, 0xFFFFFF);

        assertThat(drawn(canvas, 3, 2)).isEqualTo("""
                ..#
                ...
                """);
    }

    @Test
    void aPixelTakesAsMuchColourAsTheShapeCoversOfIt() {
        var canvas = new Canvas(2, 1, 0x000000);

        canvas.paint(Shape.rectangle(0, 0, 1.5, 1), 0, 0, 2, 1, 0xF08010);

        assertThat(canvas.frame().rgb()).containsExactly(0xF0, 0x80, 0x10, 0x78, 0x40, 0x08);
    }

    @Test
    void whereAPolygonsEdgesCrossInsideAndOutsideTakeTurns() {
        var canvas = new Canvas(5, 5, 0x000000);

        canvas.paint(Shape.polygon(0, 0, 5, 5, 5, 0, 0, 5), 0, 0, 5, 5, 0xFFFFFF);

        assertThat(drawn(canvas, 5, 5)).isEqualTo("""
                o...o
                #o.o#
                ##o##
                #o.o#
                o...o
                """);
    }

    @Test
    void digitsAreWrittenWithoutAFont() {
        var canvas = new Canvas(11, 7, 0x000000);

        canvas.writeCentred("17", 5, 0, 1, 0xFFFFFF);

        assertThat(drawn(canvas, 11, 7)).isEqualTo("""
                ..#...#####
                .##.......#
                ..#......#.
                ..#.....#..
                ..#....#...
                ..#....#...
                .###...#...
                """);
    }

    @Test
    void aCharacterWithoutAGlyphIsOurOwnMistake() {
        var canvas = new Canvas(11, 7, 0x000000);

        assertThatThrownBy(() -> canvas.write("?", 0, 0, 1, 0xFFFFFF))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no glyph was drawn for '?'");
    }

    private static String drawn(Canvas canvas, int width, int height) {
        byte[] rgb = canvas.frame().rgb();
        var text = new StringBuilder();
        for (int k = 0; k < width * height; k++) {
            int grey = rgb[3 * k] & 0xFF;
            text.append(grey == 0 ? '.' : grey == 0xFF ? '#' : 'o').append(k % width == width - 1 ? "\n" : "");
        }
        return text.toString();
    }
}
