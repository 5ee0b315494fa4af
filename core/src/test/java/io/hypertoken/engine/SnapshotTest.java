package io.hypertoken.engine;

import static io.hypertoken.engine.Vectors.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import io.hypertoken.env.Spec;
import io.hypertoken.fixture.Auction;
import io.hypertoken.fixture.Corridor;
import io.hypertoken.fixture.Dials;
import io.hypertoken.fixture.Duel;
import io.hypertoken.fixture.Gate;
import io.hypertoken.record.ScriptedActions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SnapshotTest {
    static Stream<Spec> specs() {
        return Stream.of(Corridor.SPEC, Auction.SPEC, Duel.SPEC, Dials.SPEC);
    }

    @ParameterizedTest
    @MethodSource("specs")
    void aRestoredRowGoesOnExactlyAsTheOneItWasSavedFrom(Spec spec) {
        for (Autoreset mode : new Autoreset[] {Autoreset.NEXT_STEP, Autoreset.SAME_STEP}) {
            for (int steps = 0; steps < 12; steps++) {
                try (var original = open(spec, Settings.DEFAULT.autoreset(mode));
                        var other = open(spec, Settings.DEFAULT.autoreset(mode))) {
                    original.reset(5);
                    play(original, steps, 1);
                    byte[] snapshot = original.snapshot(0);
                    other.restore(0, snapshot);
                    assertThat(Vectors.reply(other)).isEqualTo(Vectors.reply(original));
                    assertThat(other.usedSeed(0)).isEqualTo(5);

                    for (int k = 0; k < 30; k++) {
                        play(original, 1, 100 + k);
                        play(other, 1, 100 + k);
                        assertThat(Vectors.reply(other))
                                .as("%s, %s, saved at %d, step %d", spec, mode, steps, k)
                                .isEqualTo(Vectors.reply(original));
                    }
                }
            }
        }
    }

    private static void play(VectorEnvironment vector, int steps, long seed) {
        var script = new ScriptedActions(seed, 1);
        for (int k = 0; k < steps; k++) {
            script.choose(vector);
            vector.step();
        }
    }

    @Test
    void aSnapshotMovesARowOfOneVectorIntoAnotherRow() {
        try (var auctions = open(Auction.SPEC, Settings.DEFAULT.rows(3))) {
            auctions.reset(null, new long[] {4, 5, 6}, Map.of("opening", 2));
            auctions.restore(2, auctions.snapshot(0));

            assertThat(auctions.batch().turn(2)).isEqualTo(auctions.batch().turn(0));
            assertThat(auctions.episodeOptions(2)).isEqualTo(auctions.episodeOptions(0));
            assertThat(auctions.usedSeed(2)).isEqualTo(4);
        }
    }

    @Test
    void everyDamagedByteIsNoticedAndTheRowStaysAsItWas() {
        try (var auction = open(Auction.SPEC, Settings.DEFAULT)) {
            auction.reset(1);
            byte[] snapshot = auction.snapshot(0);
            byte[] before = Vectors.reply(auction);
            for (int at = 0; at < snapshot.length; at++) {
                byte[] damaged = snapshot.clone();
                damaged[at] ^= 1;
                assertThatThrownBy(() -> auction.restore(0, damaged))
                        .as("byte %d", at)
                        .isInstanceOf(HyperTokenException.class)
                        .hasMessage("refused a snapshot; its checksum does not match; "
                                + "pass one taken from the same environment, version and options");
            }
            assertThat(Vectors.reply(auction)).isEqualTo(before);
            assertThat(auction.snapshot(0)).isEqualTo(snapshot);
        }
    }

    @Test
    void aShortOneIsRefused() {
        try (var auction = open(Auction.SPEC, Settings.DEFAULT)) {
            for (byte[] bytes : new byte[][] {{}, {1, 2, 3}, {0, 0, 0, 0}}) {
                assertThatThrownBy(() -> auction.restore(0, bytes))
                        .hasMessage("refused a snapshot; it ends too early; "
                                + "pass one taken from the same environment, version and options");
            }
            assertThat(auction.wasReset(0)).isFalse();
        }
    }

    @Test
    void oneOfOtherOptionsOrModeIsRefused() {
        try (var four = open(Auction.SPEC, Settings.DEFAULT);
                var five = open(Auction.SPEC, Settings.DEFAULT, Map.of("purse", 5));
                var same = open(Auction.SPEC, Settings.DEFAULT.autoreset(Autoreset.SAME_STEP))) {
            four.reset(1);
            assertThatThrownBy(() -> five.restore(0, four.snapshot(0)))
                    .hasMessage("refused a snapshot; it is of auction v2 {purse=4, opening=0} next_step, this is "
                            + "auction v2 {purse=5, opening=0} next_step; "
                            + "pass one taken from the same environment, version and options");
            assertThatThrownBy(() -> same.restore(0, four.snapshot(0)))
                    .hasMessageContaining("next_step, this is auction v2 {purse=4, opening=0} same_step");
        }
    }

    @Test
    void anEnvironmentWithoutOneSaysWhatToDoInstead() {
        try (var gate = open(Gate.SPEC, Settings.DEFAULT)) {
            gate.reset(0);
            assertThatThrownBy(() -> gate.snapshot(0))
                    .hasMessage("gate cannot be saved or restored; it has no snapshot of its state; "
                            + "replay its seed and actions instead");
        }
    }
}
