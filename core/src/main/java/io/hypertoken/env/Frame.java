package io.hypertoken.env;

/// A picture: rows from the top, three bytes (red, green, blue) a pixel.
///
/// @param width pixels in a row
/// @param height rows
/// @param rgb `height * width * 3` bytes; the receiver may keep them and must not write to them
@SuppressWarnings("ArrayRecordComponent") // a picture is handed on, never compared
public record Frame(int width, int height, byte[] rgb) {
    public Frame {
        if (rgb.length != width * height * 3) {
            throw new IllegalArgumentException("a frame of " + width + " by " + height + " pixels has " + rgb.length
                    + " bytes; it needs three a pixel; pass " + width * height * 3);
        }
    }
}
