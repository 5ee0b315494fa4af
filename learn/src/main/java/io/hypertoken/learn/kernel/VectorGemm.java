package io.hypertoken.learn.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The product by the Vector API, in blocks of C that stay in registers while k runs.
///
/* A block is 6 rows of 2 vectors: 12 sums, 2 vectors of B and 1 number of A make 15 of the 16 registers of AVX2, and
12 fused products for 8 loads keep both multipliers busy (measured: 34 GFLOP/s against 28 with 4 × 2, where a core can
do 40). What is left over of the rows or columns is covered by a last block that begins earlier, so that some elements
are computed twice, to the same bits. Each kernel is one method: vectors that cross a call are objects.

Wider registers than 256 bits are not used: rows are padded to 8 floats. */
final class VectorGemm {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED.length() > Gemm.WIDTH
            ? FloatVector.SPECIES_256
            : FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int HIGH = 6;
    private static final int WIDE = 2 * LANES;
    private static final int LONG = 4 * LANES;

    private VectorGemm() {}

    static void multiply(
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
        if (rows < HIGH && columns >= LONG) {
            inLongRows(rows, columns, depth, a, aAt, aRow, aColumn, b, bAt, bRow, c, cAt, cRow);
        } else if (rows < HIGH) {
            inSingleRows(rows, columns, depth, a, aAt, aRow, aColumn, b, bAt, bRow, c, cAt, cRow);
        } else if (columns < WIDE) {
            inNarrowBlocks(rows, columns, depth, a, aAt, aRow, aColumn, b, bAt, bRow, c, cAt, cRow);
        } else {
            inBlocks(rows, columns, depth, a, aAt, aRow, aColumn, b, bAt, bRow, c, cAt, cRow);
        }
    }

    private static void inBlocks(
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
        for (int row = 0; row < rows; row += HIGH) {
            int m = Math.min(row, rows - HIGH);
            int a0 = aAt + m * aRow;
            int a1 = a0 + aRow;
            int a2 = a1 + aRow;
            int a3 = a2 + aRow;
            int a4 = a3 + aRow;
            int a5 = a4 + aRow;
            for (int column = 0; column < columns; column += WIDE) {
                int n = Math.min(column, columns - WIDE);
                FloatVector c00 = FloatVector.zero(SPECIES);
                FloatVector c01 = c00;
                FloatVector c10 = c00;
                FloatVector c11 = c00;
                FloatVector c20 = c00;
                FloatVector c21 = c00;
                FloatVector c30 = c00;
                FloatVector c31 = c00;
                FloatVector c40 = c00;
                FloatVector c41 = c00;
                FloatVector c50 = c00;
                FloatVector c51 = c00;
                int bk = bAt + n;
                int ak = 0;
                for (int k = 0; k < depth; k++) {
                    FloatVector b0 = FloatVector.fromArray(SPECIES, b, bk);
                    FloatVector b1 = FloatVector.fromArray(SPECIES, b, bk + LANES);
                    FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + ak]);
                    c00 = x.fma(b0, c00);
                    c01 = x.fma(b1, c01);
                    x = FloatVector.broadcast(SPECIES, a[a1 + ak]);
                    c10 = x.fma(b0, c10);
                    c11 = x.fma(b1, c11);
                    x = FloatVector.broadcast(SPECIES, a[a2 + ak]);
                    c20 = x.fma(b0, c20);
                    c21 = x.fma(b1, c21);
                    x = FloatVector.broadcast(SPECIES, a[a3 + ak]);
                    c30 = x.fma(b0, c30);
                    c31 = x.fma(b1, c31);
                    x = FloatVector.broadcast(SPECIES, a[a4 + ak]);
                    c40 = x.fma(b0, c40);
                    c41 = x.fma(b1, c41);
                    x = FloatVector.broadcast(SPECIES, a[a5 + ak]);
                    c50 = x.fma(b0, c50);
                    c51 = x.fma(b1, c51);
                    ak += aColumn;
                    bk += bRow;
                }
                int at = cAt + m * cRow + n;
                c00.intoArray(c, at);
                c01.intoArray(c, at + LANES);
                at += cRow;
                c10.intoArray(c, at);
                c11.intoArray(c, at + LANES);
                at += cRow;
                c20.intoArray(c, at);
                c21.intoArray(c, at + LANES);
                at += cRow;
                c30.intoArray(c, at);
                c31.intoArray(c, at + LANES);
                at += cRow;
                c40.intoArray(c, at);
                c41.intoArray(c, at + LANES);
                at += cRow;
                c50.intoArray(c, at);
                c51.intoArray(c, at + LANES);
            }
        }
    }

    /// Blocks of 6 rows and one vector: the heads of networks, which have few outputs.
    private static void inNarrowBlocks(
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
        for (int row = 0; row < rows; row += HIGH) {
            int m = Math.min(row, rows - HIGH);
            int a0 = aAt + m * aRow;
            int a1 = a0 + aRow;
            int a2 = a1 + aRow;
            int a3 = a2 + aRow;
            int a4 = a3 + aRow;
            int a5 = a4 + aRow;
            for (int n = 0; n < columns; n += LANES) {
                FloatVector c0 = FloatVector.zero(SPECIES);
                FloatVector c1 = c0;
                FloatVector c2 = c0;
                FloatVector c3 = c0;
                FloatVector c4 = c0;
                FloatVector c5 = c0;
                int bk = bAt + n;
                int ak = 0;
                for (int k = 0; k < depth; k++) {
                    FloatVector b0 = FloatVector.fromArray(SPECIES, b, bk);
                    c0 = FloatVector.broadcast(SPECIES, a[a0 + ak]).fma(b0, c0);
                    c1 = FloatVector.broadcast(SPECIES, a[a1 + ak]).fma(b0, c1);
                    c2 = FloatVector.broadcast(SPECIES, a[a2 + ak]).fma(b0, c2);
                    c3 = FloatVector.broadcast(SPECIES, a[a3 + ak]).fma(b0, c3);
                    c4 = FloatVector.broadcast(SPECIES, a[a4 + ak]).fma(b0, c4);
                    c5 = FloatVector.broadcast(SPECIES, a[a5 + ak]).fma(b0, c5);
                    ak += aColumn;
                    bk += bRow;
                }
                int at = cAt + m * cRow + n;
                c0.intoArray(c, at);
                c1.intoArray(c, at + cRow);
                c2.intoArray(c, at + 2 * cRow);
                c3.intoArray(c, at + 3 * cRow);
                c4.intoArray(c, at + 4 * cRow);
                c5.intoArray(c, at + 5 * cRow);
            }
        }
    }

    /// Row by row, four vectors at a time: a policy that is asked for a few games. One sum alone would wait for itself.
    private static void inLongRows(
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
        for (int m = 0; m < rows; m++) {
            for (int column = 0; column < columns; column += LONG) {
                int n = Math.min(column, columns - LONG);
                FloatVector c0 = FloatVector.zero(SPECIES);
                FloatVector c1 = c0;
                FloatVector c2 = c0;
                FloatVector c3 = c0;
                int bk = bAt + n;
                int ak = aAt + m * aRow;
                for (int k = 0; k < depth; k++) {
                    FloatVector x = FloatVector.broadcast(SPECIES, a[ak]);
                    c0 = x.fma(FloatVector.fromArray(SPECIES, b, bk), c0);
                    c1 = x.fma(FloatVector.fromArray(SPECIES, b, bk + LANES), c1);
                    c2 = x.fma(FloatVector.fromArray(SPECIES, b, bk + 2 * LANES), c2);
                    c3 = x.fma(FloatVector.fromArray(SPECIES, b, bk + 3 * LANES), c3);
                    ak += aColumn;
                    bk += bRow;
                }
                int at = cAt + m * cRow + n;
                c0.intoArray(c, at);
                c1.intoArray(c, at + LANES);
                c2.intoArray(c, at + 2 * LANES);
                c3.intoArray(c, at + 3 * LANES);
            }
        }
    }

    /// Row by row: a head that is asked for a few games.
    private static void inSingleRows(
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
        for (int m = 0; m < rows; m++) {
            for (int n = 0; n < columns; n += LANES) {
                FloatVector sum = FloatVector.zero(SPECIES);
                int bk = bAt + n;
                int ak = aAt + m * aRow;
                for (int k = 0; k < depth; k++) {
                    sum = FloatVector.broadcast(SPECIES, a[ak]).fma(FloatVector.fromArray(SPECIES, b, bk), sum);
                    ak += aColumn;
                    bk += bRow;
                }
                sum.intoArray(c, cAt + m * cRow + n);
            }
        }
    }
}
