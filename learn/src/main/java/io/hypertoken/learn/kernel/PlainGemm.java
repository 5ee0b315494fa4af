package io.hypertoken.learn.kernel;

import java.util.Arrays;

/// The product for every Java runtime, and for the time until the vector kernel is compiled.
///
/* Eight rows of B are copied to arrays of their own, and so is each row of C: the compiler turns a loop into vector code
only where all arrays have the same index, for two arrays may be one and the same. So compiled this makes about a third
of what the vector kernel does (10 against 34 GFLOP/s where a core can do 40), and loops over B in place a tenth. */
final class PlainGemm {
    private static final int DEEP = 8;

    private float[][] b = new float[DEEP][0];
    private float[] sum = {};

    void multiply(
            int rows,
            int columns,
            int depth,
            float[] a,
            int aAt,
            int aRow,
            int aColumn,
            float[] bs,
            int bAt,
            int bRow,
            float[] c,
            int cAt,
            int cRow) {
        if (sum.length < columns) {
            sum = new float[columns];
            b = new float[DEEP][columns];
        }
        if (depth == 0) {
            for (int m = 0; m < rows; m++) {
                Arrays.fill(c, cAt + m * cRow, cAt + m * cRow + columns, 0);
            }
        }
        for (int from = 0; from < depth; from += DEEP) {
            int deep = Math.min(DEEP, depth - from);
            for (int k = 0; k < deep; k++) {
                System.arraycopy(bs, bAt + (from + k) * bRow, b[k], 0, columns);
            }
            for (int m = 0; m < rows; m++) {
                int at = cAt + m * cRow;
                if (from == 0) {
                    Arrays.fill(sum, 0, columns, 0);
                } else {
                    System.arraycopy(c, at, sum, 0, columns);
                }
                addProducts(columns, deep, a, aAt + m * aRow + from * aColumn, aColumn);
                System.arraycopy(sum, 0, c, at, columns);
            }
        }
    }

    private void addProducts(int columns, int deep, float[] a, int at, int step) {
        if (deep == DEEP) {
            addEight(
                    columns,
                    sum,
                    b[0],
                    b[1],
                    b[2],
                    b[3],
                    b[4],
                    b[5],
                    b[6],
                    b[7],
                    a[at],
                    a[at + step],
                    a[at + 2 * step],
                    a[at + 3 * step],
                    a[at + 4 * step],
                    a[at + 5 * step],
                    a[at + 6 * step],
                    a[at + 7 * step]);
        } else {
            for (int k = 0; k < deep; k++) {
                addOne(columns, sum, b[k], a[at + k * step]);
            }
        }
    }

    private static void addOne(int columns, float[] sum, float[] b0, float a0) {
        for (int n = 0; n < columns; n++) {
            sum[n] = Math.fma(a0, b0[n], sum[n]);
        }
    }

    private static void addEight(
            int columns,
            float[] sum,
            float[] b0,
            float[] b1,
            float[] b2,
            float[] b3,
            float[] b4,
            float[] b5,
            float[] b6,
            float[] b7,
            float a0,
            float a1,
            float a2,
            float a3,
            float a4,
            float a5,
            float a6,
            float a7) {
        for (int n = 0; n < columns; n++) {
            float s = Math.fma(a0, b0[n], sum[n]);
            s = Math.fma(a1, b1[n], s);
            s = Math.fma(a2, b2[n], s);
            s = Math.fma(a3, b3[n], s);
            s = Math.fma(a4, b4[n], s);
            s = Math.fma(a5, b5[n], s);
            s = Math.fma(a6, b6[n], s);
            sum[n] = Math.fma(a7, b7[n], s);
        }
    }
}
