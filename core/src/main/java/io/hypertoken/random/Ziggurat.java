package io.hypertoken.random;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// The normal and the exponential distribution by 256 layers under the density, with numpy's tables.
///
/// Source: G. Marsaglia and W. W. Tsang, *The Ziggurat Method for Generating Random Variables* (2000); tables and
/// order of draws of numpy 2.4, `src/distributions/ziggurat_constants.h` and `distributions.c`.
final class Ziggurat {
    private static final int LAYERS = 256;
    private static final double NORMAL_TAIL = 3.6541528853610087963519472518;
    private static final double NORMAL_TAIL_INVERSE = 0.27366123732975827203338247596;
    private static final double EXPONENTIAL_TAIL = 7.6971174701310497140446280481;

    /// Per layer: the draws that lie inside it for sure, the width of one unit of draw, the density at its edge.
    private static final long[] NORMAL_INSIDE = new long[LAYERS];

    private static final double[] NORMAL_WIDTH = new double[LAYERS];
    private static final double[] NORMAL_DENSITY = new double[LAYERS];
    private static final long[] EXPONENTIAL_INSIDE = new long[LAYERS];
    private static final double[] EXPONENTIAL_WIDTH = new double[LAYERS];
    private static final double[] EXPONENTIAL_DENSITY = new double[LAYERS];

    static {
        load();
    }

    private Ziggurat() {}

    /// The resource's six columns are the arrays above in their order, each number as its 64 bits in hexadecimal.
    private static void load() {
        var resource = Objects.requireNonNull(Ziggurat.class.getResourceAsStream("ziggurat.txt"));
        try (var lines = new BufferedReader(new InputStreamReader(resource, StandardCharsets.US_ASCII))) {
            for (int layer = 0; layer < LAYERS; layer++) {
                String line = lines.readLine();
                NORMAL_INSIDE[layer] = column(line, 0);
                NORMAL_WIDTH[layer] = Double.longBitsToDouble(column(line, 1));
                NORMAL_DENSITY[layer] = Double.longBitsToDouble(column(line, 2));
                EXPONENTIAL_INSIDE[layer] = column(line, 3);
                EXPONENTIAL_WIDTH[layer] = Double.longBitsToDouble(column(line, 4));
                EXPONENTIAL_DENSITY[layer] = Double.longBitsToDouble(column(line, 5));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long column(String line, int index) {
        return Long.parseUnsignedLong(line, 17 * index, 17 * index + 16, 16);
    }

    static double normal(Pcg64 source) {
        while (true) {
            long bits = source.nextLong();
            int layer = (int) bits & 0xff;
            long magnitude = (bits >>> 9) & 0x000f_ffff_ffff_ffffL;
            double x = magnitude * NORMAL_WIDTH[layer];
            if ((bits & 0x100) != 0) {
                x = -x;
            }
            if (magnitude < NORMAL_INSIDE[layer]) {
                return x; // 99.3 % of the draws
            }
            if (layer == 0) {
                return normalTail(source, (magnitude & 0x100) != 0);
            }
            if (underNormal(source, layer, x)) {
                return x;
            }
        }
    }

    private static boolean underNormal(Pcg64 source, int layer, double x) {
        double height =
                (NORMAL_DENSITY[layer - 1] - NORMAL_DENSITY[layer]) * source.nextDouble() + NORMAL_DENSITY[layer];
        return height < StrictMath.exp(-0.5 * x * x);
    }

    private static double normalTail(Pcg64 source, boolean negative) {
        while (true) {
            double beyond = -NORMAL_TAIL_INVERSE * LogOneMinus.of(source.nextDouble());
            double height = -LogOneMinus.of(source.nextDouble());
            if (height + height > beyond * beyond) {
                return negative ? -(NORMAL_TAIL + beyond) : NORMAL_TAIL + beyond;
            }
        }
    }

    static double exponential(Pcg64 source) {
        while (true) {
            long bits = source.nextLong() >>> 3;
            int layer = (int) bits & 0xff;
            long magnitude = bits >>> 8;
            double x = magnitude * EXPONENTIAL_WIDTH[layer];
            if (magnitude < EXPONENTIAL_INSIDE[layer]) {
                return x; // 98.9 % of the draws
            }
            if (layer == 0) {
                return EXPONENTIAL_TAIL - LogOneMinus.of(source.nextDouble());
            }
            if (underExponential(source, layer, x)) {
                return x;
            }
        }
    }

    private static boolean underExponential(Pcg64 source, int layer, double x) {
        double height = (EXPONENTIAL_DENSITY[layer - 1] - EXPONENTIAL_DENSITY[layer]) * source.nextDouble()
                + EXPONENTIAL_DENSITY[layer];
        return height < StrictMath.exp(-x);
    }
}
