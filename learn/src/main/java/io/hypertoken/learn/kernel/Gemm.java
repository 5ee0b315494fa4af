package io.hypertoken.learn.kernel;

import java.util.Objects;

/// Multiplies matrices: C = A · B, the one product that forward passes and both backward passes are made of.
///
/// A may be read along any two strides, so that a transposed matrix needs no copy; B and C have contiguous rows.
/// Element (m, n) of C is the sum over k of A(m, k) · B(k, n), begun at 0 and taken in the order of k, each product
/// fused with its sum. No kernel sums in another order, so every one gives the same bits: which of them runs, and
/// from when on, only the clock can tell.
///
/// For one thread at a time: a thread that multiplies has a Gemm of its own.
public final class Gemm {
    /// The columns of B and C that are computed are a multiple of this; rows of matrices are padded to it.
    public static final int WIDTH = 8;

    private final PlainGemm plain = new PlainGemm();

    /// C = A · B.
    ///
    /// @param rows of A and C, at least 1
    /// @param columns of B and C, a positive multiple of [#WIDTH]
    /// @param depth columns of A and rows of B, at least 0
    /// @param aAt the index of A(0, 0)
    /// @param aRow from a row of A to the next
    /// @param aColumn from a column of A to the next
    /// @param bAt the index of B(0, 0)
    /// @param bRow from a row of B to the next
    /// @param cAt the index of C(0, 0)
    /// @param cRow from a row of C to the next
    /// @throws IndexOutOfBoundsException if a matrix ends behind its array
    public void multiply(
            int rows,
            int columns,
            int depth,
            float[] a,
            int aAt,
            int aRow,
            int aColumn,
            float[] b,
            int bAt,
            int bRow,
            float[] c,
            int cAt,
            int cRow) {
        if (columns % WIDTH != 0) {
            throw new IllegalArgumentException("cannot multiply into " + columns + " columns; kernels compute " + WIDTH
                    + " at a time; pad them to a multiple of " + WIDTH);
        }
        if (rows == 0 || columns == 0) {
            return;
        }
        if (depth > 0) {
            Objects.checkIndex(aAt + (rows - 1) * aRow + (depth - 1) * aColumn, a.length);
            Objects.checkFromIndexSize(bAt + (depth - 1) * bRow, columns, b.length);
        }
        Objects.checkFromIndexSize(cAt + (rows - 1) * cRow, columns, c.length);
        if (VectorSwitch.isVectorReady()) {
            VectorGemm.multiply(rows, columns, depth, a, aAt, aRow, aColumn, b, bAt, bRow, c, cAt, cRow);
        } else {
            VectorSwitch.count((long) rows * columns * depth);
            plain.multiply(rows, columns, depth, a, aAt, aRow, aColumn, b, bAt, bRow, c, cAt, cRow);
        }
    }

    /// The next multiple of [#WIDTH].
    public static int padded(int columns) {
        return (columns + WIDTH - 1) / WIDTH * WIDTH;
    }

    /// Begins to make the vector kernel ready, on a thread of its own, where Java brings the Vector API; it takes over
    /// when it has been compiled and is the faster one. Does nothing the second time. A run that lasts begins it
    /// unasked.
    public static void warmUp() {
        VectorSwitch.begin();
    }

    /// Which kernel multiplies now: `plain` or `vector`.
    public static String kernel() {
        return VectorSwitch.isVectorReady() ? "vector" : "plain";
    }
}
