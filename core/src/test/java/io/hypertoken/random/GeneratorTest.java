package io.hypertoken.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GeneratorTest {
    @Test
    void drawsTheNumbersOfNumpysManual() {
        // numpy's default_rng docstring: default_rng(12345).random() and default_rng(42).random((3, 3))
        assertThat(Generator.seeded(12345).random()).isEqualTo(0.22733602246716966);
        var random = Generator.seeded(42);
        assertThat(random.random()).isEqualTo(0.7739560485559633);
        assertThat(random.random()).isEqualTo(0.4388784397520523);
        assertThat(random.random()).isEqualTo(0.8585979199113825);
    }

    @Test
    void aSeedAndItsListDrawAlikeButALongerListDoesNot() {
        assertThat(Generator.seeded(7).nextLong())
                .isEqualTo(Generator.seeded(new long[] {7}).nextLong());
        assertThat(Generator.seeded(7, 1).nextLong())
                .isNotEqualTo(Generator.seeded(7).nextLong());
    }

    @Test
    void reseedingStartsAnewAndForgetsTheBufferedHalf() {
        var random = Generator.seeded(1);
        random.nextInt();

        random.reseed(1L << 40);

        assertThat(random.state()).isEqualTo(Generator.seeded(1L << 40).state());
    }

    @Test
    void aCopyDrawsTheSameWithoutDisturbingItsOriginal() {
        var random = Generator.seeded(3);
        random.nextInt();
        var copy = random.copy();

        int drawn = copy.nextInt();

        assertThat(random.nextInt()).isEqualTo(drawn);
        assertThat(random.state()).isEqualTo(copy.state());
    }

    @Test
    void javasBoundedDrawsEqualNumpysIntegers() {
        var java = Generator.seeded(11);
        var numpy = Generator.seeded(11);

        assertThat(java.nextInt(6)).isEqualTo(numpy.integers(6));
        assertThat(java.nextInt(-3, 9)).isEqualTo(numpy.integers(-3, 9));
        assertThat(java.nextLong(1L << 40)).isEqualTo(numpy.integers(1L << 40));
        assertThat(java.nextLong(-5, 1L << 33)).isEqualTo(numpy.integers(-5, 1L << 33));
        assertThat(java.nextGaussian()).isEqualTo(numpy.standardNormal());
        assertThat(java.nextGaussian(2, 3)).isEqualTo(numpy.normal(2, 3));
    }

    @Test
    void arraysAreChosenFromByTheirIndices() {
        String[] names = {"a", "b", "c", "d", "e"};
        int[] numbers = {10, 11, 12, 13, 14};

        // numpy: g = default_rng(5); g.choice(names), g.choice(numbers), g.choice(names, 3, replace=False)
        var random = Generator.seeded(5);
        var indices = Generator.seeded(5);

        assertThat(random.choice(names)).isEqualTo(names[indices.choice(5)]);
        assertThat(random.choice(numbers)).isEqualTo(numbers[indices.choice(5)]);
        assertThat(random.sample(names, 3))
                .containsExactly(Arrays.stream(indices.sample(5, 3, true))
                        .mapToObj(i -> names[i])
                        .toArray(String[]::new));
        assertThat(random.permutation(numbers))
                .containsExactly(Arrays.stream(indices.permutation(5))
                        .map(i -> numbers[i])
                        .toArray());
        assertThat(numbers).containsExactly(10, 11, 12, 13, 14);
    }

    @Test
    void scalarDrawsAndReseedingAllocateNothing() {
        var random = Generator.seeded(1);
        double[] p = {0.25, 0.75};
        int[] deck = new int[52];
        double sum = drawThousandsOfEach(random, p, deck); // compiles and loads what is needed
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        sum += drawThousandsOfEach(random, p, deck);

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1000);
        assertThat(sum).isFinite();
    }

    private static double drawThousandsOfEach(Generator random, double[] p, int[] deck) {
        double sum = 0;
        for (int i = 0; i < 20_000; i++) {
            random.reseed(i);
            sum += random.random() + random.uniform(-1, 1) + random.integers(6) + random.integers(-1L, 1L << 40);
            sum += random.standardNormal() + random.standardExponential() + random.weightedChoice(p);
            random.shuffle(deck);
        }
        return sum;
    }

    @Test
    void refusesEmptyRanges() {
        var random = Generator.seeded(0);

        assertRefused(
                () -> random.integers(0),
                "integers refused low=0, high=0; low must be below high, which is never drawn itself; pass a higher high");
        assertRefused(
                () -> random.integers(3L, 3L),
                "integers refused low=3, high=3; low must be below high, which is never drawn itself; pass a higher high");
        assertRefused(
                () -> random.integersInclusive(3, 2),
                "integers refused low=3, high=2; low must not be above the inclusive high; pass a higher high");
        assertRefused(
                () -> random.integers(new byte[1], -1, 256),
                "integers refused low=-1, high=256; all values must fit 8 bits, signed or unsigned; pass a wider array");
        assertRefused(
                () -> random.uniform(1, 0),
                "uniform refused low=1.0, high=0.0; high - low must be finite and not negative;"
                        + " pass a high from low upwards");
        assertRefused(
                () -> random.normal(0, -1),
                "normal refused scale=-1.0; a standard deviation must not be negative; pass 0 or more");
        assertThat(random.state())
                .as("a refused call draws nothing")
                .isEqualTo(Generator.seeded(0).state());
    }

    @Test
    void refusesWhatCannotBeChosen() {
        var random = Generator.seeded(0);

        assertRefused(
                () -> random.choice(0),
                "choice refused a population of 0; there must be something to choose from;"
                        + " pass a population of at least 1");
        assertRefused(
                () -> random.sample(3, 4, true),
                "choice refused a sample of 4 from 3; without replacement there are only 3; pass a size from 0 to 3");
        assertRefused(
                () -> random.weightedChoice(new double[] {0.5, 0.25}),
                "choice refused probabilities that sum to 0.75; they must sum to 1; divide each by their sum");
        assertRefused(
                () -> random.weightedChoice(new double[] {1.5, -0.5}),
                "choice refused p[1]=-0.5; a probability must not be negative or NaN; pass 0 or more");
        assertRefused(
                () -> random.weightedSample(new double[] {1, 0}, 2),
                "choice refused a sample of 2; only 1 probabilities are above 0; pass a size from 0 to 1");
        assertThat(random.choice(0, 0)).isEmpty();
    }

    @Test
    void refusesNegativeSeedsAndForeignStates() {
        assertRefused(
                () -> Generator.seeded(-1), "the seed -1 was refused; a seed must not be negative; pass 0 or more");
        assertRefused(
                () -> Generator.seeded(1, -2), "the seed -2 was refused; a seed must not be negative; pass 0 or more");
        assertRefused(
                () -> Generator.seeded(1).restore(new long[5]),
                "a generator's saved state was refused; its increment must be odd and its buffered half at most 33"
                        + " bits; pass the 5 longs that state() gave");
    }

    private static void assertRefused(Runnable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call::run).withMessage(message);
    }
}
