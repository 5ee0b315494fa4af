package io.hypertoken.random;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.zip.CRC32;

/// Makes the calls of `numpy_vectors.py` on our generator and sums up what each returned.
final class NumpyCalls {
    private NumpyCalls() {}

    /// The generator of a seed as the vectors write it: `5`, `[5,1]`, `5/2` (third spawned child).
    static Generator generator(String seed) {
        String[] parts = seed.split("/", -1);
        var sequence = SeedSequence.of(entropy(parts[0]));
        for (int i = 1; i < parts.length; i++) {
            sequence = sequence.spawn(Integer.parseInt(parts[i]) + 1).getLast();
        }
        boolean plain = parts.length == 1 && !seed.startsWith("[");
        return plain ? Generator.seeded(Long.parseLong(seed)) : Generator.seeded(sequence);
    }

    private static long[] entropy(String seed) {
        String list = seed.replace("[", "").replace("]", "");
        return list.isEmpty()
                ? new long[0]
                : Arrays.stream(list.split(",", -1)).mapToLong(Long::parseLong).toArray();
    }

    /// The CRC-32 of what the call returned, as eight hexadecimal digits.
    static String checksum(Generator random, String[] call) {
        var crc = new CRC32();
        long[] words = words(random, call);
        var bytes = ByteBuffer.allocate(8 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(words);
        crc.update(bytes);
        return "%08x".formatted(crc.getValue());
    }

    private static long[] words(Generator random, String[] call) {
        return switch (call[0]) {
            case "random" -> bits(random.random());
            case "uniform" -> bits(random.uniform(real(call, 1), real(call, 2)));
            case "normal" -> bits(random.standardNormal());
            case "located" -> bits(random.normal(real(call, 1), real(call, 2)));
            case "exponential" -> bits(random.standardExponential());
            case "float" -> bits((double) random.nextFloat());
            case "integers" -> one(random.integers(Long.parseLong(call[1]), Long.parseLong(call[2])));
            case "endpoint" -> one(random.integersInclusive(Long.parseLong(call[1]), Long.parseLong(call[2])));
            case "array" -> random.integers(Long.parseLong(call[1]), Long.parseLong(call[2]), integer(call, 3));
            case "bool" -> one(random.nextBoolean() ? 1 : 0);
            case "raw" -> one(random.nextLong());
            case "uint32" -> one(Integer.toUnsignedLong(random.nextInt()));
            case "choice" -> one(random.choice(integer(call, 1)));
            case "weighted" -> one(random.weightedChoice(weights(call)));
            case "state" -> random.state();
            default -> filled(random, call);
        };
    }

    private static long[] filled(Generator random, String[] call) {
        return switch (call[0]) {
            case "randoms" -> bits(reals(integer(call, 1), random::random));
            case "normals" -> bits(reals(integer(call, 1), random::standardNormal));
            case "exponentials" ->
                bits(IntStream.range(0, integer(call, 1))
                        .mapToDouble(i -> random.nextExponential())
                        .toArray());
            case "int32" -> {
                int[] values = new int[integer(call, 3)];
                random.integers(values, integer(call, 1), integer(call, 2));
                yield longs(values);
            }
            case "int16", "uint16" -> {
                short[] values = new short[integer(call, 3)];
                random.integers(values, integer(call, 1), integer(call, 2));
                yield indexed(values.length, i -> call[0].equals("int16") ? values[i] : values[i] & 0xffff);
            }
            case "int8", "uint8" -> {
                byte[] values = new byte[integer(call, 3)];
                random.integers(values, integer(call, 1), integer(call, 2));
                yield indexed(values.length, i -> call[0].equals("int8") ? values[i] : values[i] & 0xff);
            }
            case "bools" -> {
                boolean[] values = new boolean[integer(call, 1)];
                random.booleans(values);
                yield indexed(values.length, i -> values[i] ? 1 : 0);
            }
            case "bytes" -> {
                byte[] values = new byte[integer(call, 1)];
                random.nextBytes(values);
                yield indexed(values.length, i -> values[i]);
            }
            default -> ordered(random, call);
        };
    }

    private static long[] ordered(Generator random, String[] call) {
        return switch (call[0]) {
            case "shuffle" -> shuffled(random, call[1], integer(call, 2));
            case "permutation" -> longs(random.permutation(integer(call, 1)));
            case "choices" -> longs(random.choice(integer(call, 1), integer(call, 2)));
            case "sample" -> longs(random.sample(integer(call, 1), integer(call, 2), call[3].equals("1")));
            case "weighteds" -> longs(random.weightedChoice(weights(call), integer(call, 3)));
            case "weightedsample" -> longs(random.weightedSample(weights(call), integer(call, 3)));
            default -> throw new IllegalArgumentException("no such call: " + String.join(" ", call));
        };
    }

    private static long[] shuffled(Generator random, String kind, int size) {
        int[] values = IntStream.range(0, size).map(i -> 3 * i).toArray();
        switch (kind) {
            case "int32" -> random.shuffle(values);
            case "int64" -> {
                long[] longs = longs(values);
                random.shuffle(longs);
                return longs;
            }
            case "float64" -> {
                double[] reals = IntStream.of(values).asDoubleStream().toArray();
                random.shuffle(reals);
                return indexed(size, i -> (long) reals[i]);
            }
            case "object" -> {
                Integer[] objects = IntStream.of(values).boxed().toArray(Integer[]::new);
                random.shuffle(objects);
                return indexed(size, i -> objects[i]);
            }
            default -> throw new IllegalArgumentException("no such kind: " + kind);
        }
        return longs(values);
    }

    /// The probabilities that the vectors' script computes from a size and a salt.
    private static double[] weights(String[] call) {
        int size = integer(call, 1);
        int salt = integer(call, 2);
        double[] raw = IntStream.range(0, size)
                .mapToDouble(i -> (i * 7919L + salt) % 13)
                .toArray();
        raw[salt % size] += 1.0;
        double sum = Arrays.stream(raw).sum();
        return Arrays.stream(raw).map(weight -> weight / sum).toArray();
    }

    private interface RealFill {
        void into(double[] values);
    }

    private static double[] reals(int size, RealFill fill) {
        double[] values = new double[size];
        fill.into(values);
        return values;
    }

    private interface IndexedLong {
        long at(int index);
    }

    private static long[] indexed(int size, IndexedLong value) {
        return IntStream.range(0, size).mapToLong(value::at).toArray();
    }

    private static long[] one(long value) {
        return LongStream.of(value).toArray();
    }

    private static long[] bits(double... values) {
        return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
    }

    private static long[] longs(int[] values) {
        return IntStream.of(values).asLongStream().toArray();
    }

    private static int integer(String[] call, int at) {
        return Integer.parseInt(call[at]);
    }

    private static double real(String[] call, int at) {
        return Double.parseDouble(call[at]);
    }
}
