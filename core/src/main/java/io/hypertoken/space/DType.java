package io.hypertoken.space;

import java.util.Locale;

/// An element type, named and laid out (little-endian) as numpy's.
public enum DType {
    INT8(1),
    UINT8(1),
    INT16(2),
    UINT16(2),
    INT32(4),
    INT64(8),
    FLOAT32(4),
    FLOAT64(8);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /// The size of one element in bytes.
    public int bytes() {
        return bytes;
    }

    /// Whether this is one of the two floating-point types.
    public boolean floating() {
        return this == FLOAT32 || this == FLOAT64;
    }

    /// numpy's name: `float32`, `int64`, …
    public String numpyName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
