package io.hypertoken.learn.kernel;

import java.util.Arrays;

/// The product for every Java runtime, and for the time until the vector kernel is compiled.
///
/* Eight rows of B are copied to arrays of their own, and so is each row of C: the compiler turns a loop into vector code
only where all arrays have the same index, for two arrays may be one and the same. So compiled this makes about a third
of what the vector kernel does (10 against 34 GFLOP/s where a core can do 40), and loops over B in place a tenth. Such loops want some length: the
few columns of a network's head are computed in blocks of 4 × 2 single numbers instead, at twice the speed. */
final class PlainGemm {
    private static final int DEEP = 8;
    private static final int HIGH = 4;

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
        if (columns == Gemm.WIDTH && rows >= HIGH) {
            inNarrowBlocks(rows, depth, a, aAt, aRow, aColumn, bs, bAt, bRow, c, cAt, cRow);
            return;
        }
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

    private static void inNarrowBlocks(
            int rows,
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
            for (int n = 0; n < Gemm.WIDTH; n += 2) {
                block(depth, a, aAt + m * aRow, aRow, aColumn, b, bAt + n, bRow, c, cAt + m * cRow + n, cRow);
            }
        }
    }

    private static void block(
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
        float c00 = 0;
        float c01 = 0;
        float c10 = 0;
        float c11 = 0;
        float c20 = 0;
        float c21 = 0;
        float c30 = 0;
        float c31 = 0;
        int ak = aAt;
        int bk = bAt;
        for (int k = 0; k < depth; k++) {
            float b0 = b[bk];
            float b1 = b[bk + 1];
            float x = a[ak];
            c00 = Math.fma(x, b0, c00);
            c01 = Math.fma(x, b1, c01);
            x = a[ak + aRow];
            c10 = Math.fma(x, b0, c10);
            c11 = Math.fma(x, b1, c11);
            x = a[ak + 2 * aRow];
            c20 = Math.fma(x, b0, c20);
            c21 = Math.fma(x, b1, c21);
            x = a[ak + 3 * aRow];
            c30 = Math.fma(x, b0, c30);
            c31 = Math.fma(x, b1, c31);
            ak += aColumn;
            bk += bRow;
        }
        c[cAt] = c00;
        c[cAt + 1] = c01;
        c[cAt + cRow] = c10;
        c[cAt + cRow + 1] = c11;
        c[cAt + 2 * cRow] = c20;
        c[cAt + 2 * cRow + 1] = c21;
        c[cAt + 3 * cRow] = c30;
        c[cAt + 3 * cRow + 1] = c31;
    }
}
