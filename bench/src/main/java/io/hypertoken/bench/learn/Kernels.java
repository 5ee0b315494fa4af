package io.hypertoken.bench.learn;

import io.hypertoken.learn.kernel.Gemm;
import io.hypertoken.learn.store.JsonFile;
import io.hypertoken.random.Generator;
import java.util.Arrays;
import java.util.LinkedHashMap;

/// Multiplies matrices of given sizes, and tells how fast: lines of JSON with `rows`, `columns`, `depth` and `gflops`
/// by
/// the median slice.
///
/// Usage: `java -cp benchmarks.jar io.hypertoken.bench.learn.Kernels MILLIS ROWSxCOLUMNSxDEPTH…`, MILLIS for each
/// slice.
public final class Kernels {
    private static final int SLICES = 11;
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private Kernels() {}

    public static void main(String[] arguments) throws InterruptedException {
        long millis = Long.parseLong(arguments[0]);
        Gemm.warmUp();
        long began = System.nanoTime();
        while (Gemm.kernel().equals("plain") && System.nanoTime() - began < PATIENCE_NANOS) {
            Thread.sleep(10);
        }
        for (int k = 1; k < arguments.length; k++) {
            int[] size = Arrays.stream(arguments[k].split("x"))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            var told = new LinkedHashMap<String, Object>();
            told.put("size", arguments[k]);
            told.put("kernel", Gemm.kernel());
            told.put("gflops", gflops(size[0], size[1], size[2], millis * 1_000_000));
            System.out.println(JsonFile.line(told));
        }
    }

    private static double gflops(int rows, int columns, int depth, long nanos) {
        var gemm = new Gemm();
        var random = Generator.seeded(1);
        int aRow = odd(depth);
        int bRow = odd(columns);
        float[] a = drawn(rows * aRow, random);
        float[] b = drawn(depth * bRow, random);
        float[] c = new float[rows * bRow];
        double[] slices = new double[SLICES];
        for (int slice = -2; slice < SLICES; slice++) { // two warm up
            long count = 0;
            long began = System.nanoTime();
            long now = began;
            while (now - began < nanos) {
                for (int k = 0; k < 16; k++) {
                    gemm.multiply(rows, columns, depth, a, 0, aRow, 1, b, 0, bRow, c, 0, bRow);
                }
                count += 16;
                now = System.nanoTime();
            }
            slices[Math.max(0, slice)] = 2.0 * rows * columns * depth * count / (now - began);
        }
        Arrays.sort(slices);
        return slices[SLICES / 2];
    }

    /// A row's length as layers have it: no power of two.
    private static int odd(int numbers) {
        return Gemm.padded(numbers + 1);
    }

    private static float[] drawn(int count, Generator random) {
        float[] drawn = new float[count];
        for (int k = 0; k < count; k++) {
            drawn[k] = (float) random.uniform(-1, 1);
        }
        return drawn;
    }
}
