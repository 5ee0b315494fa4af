package io.hypertoken.engine;

import static io.hypertoken.engine.Vectors.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import io.hypertoken.fixture.Auction;
import io.hypertoken.fixture.Corridor;
import io.hypertoken.random.Generator;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeedsTest {

    @Test
    void rowIIsSeededWithSeedPlusI() {
        try (var corridors = open(Corridor.SPEC, Settings.DEFAULT.rows(5), Map.of("length", 64))) {
            corridors.reset(100);

            for (int row = 0; row < 5; row++) {
                assertThat(corridors.usedSeed(row)).isEqualTo(100 + row);
                assertThat(corridors.batch().observation(row, 0))
                        .isEqualTo(Generator.seeded(100 + row).integers(63));
            }
        }
    }

    @Test
    void laterEpisodesDrawOnFromTheRowsOwnGenerator() {
        try (var corridor = open(Corridor.SPEC, Settings.DEFAULT, Map.of("length", 64))) {
            var expected = Generator.seeded(7);
            corridor.reset(7);
            assertThat(corridor.batch().observation(0, 0)).isEqualTo(expected.integers(63));

            corridor.reset(null, null, Map.of());

            assertThat(corridor.batch().observation(0, 0)).isEqualTo(expected.integers(63));
            assertThat(corridor.usedSeed(0)).isEqualTo(7);
            assertThat(corridor.episodeSeed(0)).isEqualTo(VectorEnvironment.NO_SEED);
        }
    }

    @Test
    void onlyTheFirstSeedlessResetDrawsASeedAndItReplaysTheRun() {
        try (var first = open(Corridor.SPEC, Settings.DEFAULT.rows(2), Map.of("length", 64));
                var second = open(Corridor.SPEC, Settings.DEFAULT.rows(2), Map.of("length", 64))) {
            assertThat(first.usedSeed(0)).isEqualTo(VectorEnvironment.NO_SEED);
            first.reset(null, null, Map.of());
            long drawn = first.usedSeed(0);
            assertThat(drawn).isNotNegative();
            assertThat(first.usedSeed(1)).isEqualTo(drawn + 1);
            first.reset(null, null, Map.of());
            assertThat(first.usedSeed(0)).isEqualTo(drawn);

            second.reset(drawn);
            second.reset(null, null, Map.of());

            assertThat(Vectors.reply(second)).isEqualTo(Vectors.reply(first));
        }
    }

    @Test
    void someRowsCanBeSeededAndTheOthersGoOn() {
        try (var corridors = open(Corridor.SPEC, Settings.DEFAULT.rows(2), Map.of("length", 64))) {
            corridors.reset(7);
            corridors.reset(null, new long[] {50, VectorEnvironment.NO_SEED}, Map.of());

            var goesOn = Generator.seeded(8);
            goesOn.integers(63);
            assertThat(corridors.batch().observation(0, 0))
                    .isEqualTo(Generator.seeded(50).integers(63));
            assertThat(corridors.batch().observation(1, 0)).isEqualTo(goesOn.integers(63));
            assertThat(corridors.usedSeed(1)).isEqualTo(8);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 1})
    void aSeedThatIsNegativeOrOverflowsIsRefusedAndChangesNothing(long seed) {
        try (var corridors = open(Corridor.SPEC, Settings.DEFAULT.rows(3))) {
            corridors.reset(0);
            byte[] before = Vectors.reply(corridors);

            assertThatThrownBy(() -> corridors.reset(seed))
                    .isInstanceOf(HyperTokenException.class)
                    .hasMessage("refused seed " + seed + "; a seed is an integer from 0 up, and seed + rows must fit "
                            + "in 64 bits; pass a smaller seed that is not negative, or none");
            assertThat(Vectors.reply(corridors)).isEqualTo(before);
            assertThat(corridors.usedSeed(0)).isZero();
        }
    }

    @Test
    void aRowSeedBelowMinusOneIsRefusedBeforeAnyRowIsReset() {
        try (var corridors = open(Corridor.SPEC, Settings.DEFAULT.rows(2))) {
            assertThatThrownBy(() -> corridors.reset(null, new long[] {4, -2}, Map.of()))
                    .hasMessageStartingWith("refused seed -2; a seed is an integer from 0 up");
            assertThat(corridors.wasReset(0)).isFalse();
        }
    }

    @Test
    void seedsAndMasksOfTheWrongLengthAreRefused() {
        try (var corridors = open(Corridor.SPEC, Settings.DEFAULT.rows(2))) {
            assertThatThrownBy(() -> corridors.reset(null, new long[] {4}, Map.of()))
                    .hasMessage("refused a reset with no row flags and 1 seeds; this vector has 2 rows; "
                            + "pass one for each row, or none");
            assertThatThrownBy(() -> corridors.reset(new boolean[3], null, Map.of()))
                    .hasMessage("refused a reset with 3 row flags and no seeds; this vector has 2 rows; "
                            + "pass one for each row, or none");
        }
    }

    @Test
    void anEpisodeOptionHoldsForItsEpisodeOnlyAlsoUnderAutoreset() {
        for (Autoreset mode : new Autoreset[] {Autoreset.NEXT_STEP, Autoreset.SAME_STEP}) {
            try (var auction = open(Auction.SPEC, Settings.DEFAULT.autoreset(mode))) {
                auction.reset(null, new long[] {1}, Map.of("opening", 3));
                assertThat(auction.batch().observation(0, auction.batch().turn(0), 0, 0))
                        .isEqualTo(3);

                while (auction.batch().episodeLength(0) < 2) {
                    auction.batch().action(0, auction.batch().turn(0), 1);
                    auction.step();
                }
                if (mode == Autoreset.NEXT_STEP) {
                    auction.step();
                }

                assertThat(auction.batch().observation(0, auction.batch().turn(0), 0, 0))
                        .as(mode.wireName())
                        .isZero();
                assertThat(auction.episodeOptions(0)).isEqualTo(auction.options());
            }
        }
    }

    @Test
    void refusedOptionsChangeNothing() {
        try (var auction = open(Auction.SPEC, Settings.DEFAULT)) {
            auction.reset(1);
            byte[] before = Vectors.reply(auction);

            assertThatThrownBy(() -> auction.reset(null, null, Map.of("opening", 6)))
                    .hasMessage("auction refused option opening=6; opening must be an integer from 0 to 5; "
                            + "pass opening=0, or leave it out for the default 0");
            assertThatThrownBy(() -> auction.reset(null, null, Map.of("purse", 3)))
                    .hasMessage("auction refused option purse at reset; it shapes the environment and is fixed when "
                            + "it is opened; pass it to open");
            assertThatThrownBy(() -> auction.reset(null, null, Map.of("openin", 3)))
                    .hasMessage("auction refused option openin; it is not among the options declared for reset; "
                            + "did you mean opening?");
            assertThatThrownBy(() -> Auction.SPEC.options(Map.of("opening", 3)))
                    .hasMessage("auction refused option opening at open; it holds for one episode; pass it to reset");
            assertThat(Vectors.reply(auction)).isEqualTo(before);
        }
    }
}
