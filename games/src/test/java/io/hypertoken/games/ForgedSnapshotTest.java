package io.hypertoken.games;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.hypertoken.HyperTokenException;
import io.hypertoken.check.Conformance;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/// Snapshots that somebody has changed and given a checksum that fits.
class ForgedSnapshotTest {
    private static final Catalogue CATALOGUE = Catalogue.of(ForgedSnapshotTest.class.getClassLoader());

    /// The same vector's snapshot with a double written over the one `fromEnd` bytes before its end.
    private static byte[] forged(byte[] snapshot, int fromEnd, double number) {
        ByteBuffer bytes = ByteBuffer.wrap(snapshot.clone());
        bytes.putDouble(snapshot.length - fromEnd, number);
        var crc = new CRC32C();
        crc.update(bytes.array(), Integer.BYTES, snapshot.length - Integer.BYTES);
        return bytes.putInt(0, (int) crc.getValue()).array();
    }

    private static VectorEnvironment open(String id, int rows) {
        Spec spec = CATALOGUE.find(id);
        return VectorEnvironment.open(spec, spec.options(Map.of()), Settings.DEFAULT.rows(rows));
    }

    /// An angle of 1e300 kept a server busy for ever: it was turned back turn by turn.
    @Test
    @Timeout(10)
    void anAcrobotThatHasTurnedTooFarIsRefused() {
        try (var acrobot = open("Acrobot-v1", 1)) {
            acrobot.reset(1);
            acrobot.step();
            byte[] snapshot = acrobot.snapshot(0);

            assertThatThrownBy(() -> acrobot.restore(0, forged(snapshot, 33, 1e300)))
                    .isInstanceOf(HyperTokenException.class)
                    .hasMessageContaining("a link's angle or speed is 1.0E300, beyond 3.14");
            assertThat(acrobot.snapshot(0)).isEqualTo(snapshot);
        }
    }

    @Test
    void aRowOfATwinStaysAsItWasWhenItsSnapshotIsRefused() {
        try (var poles = open("CartPole-v1", 16)) {
            poles.reset(1);
            poles.step();
            byte[] snapshot = poles.snapshot(3);
            byte[] reply = poles.batch().reply().toArray(ValueLayout.JAVA_BYTE);

            for (double number : new double[] {Double.NaN, Double.NEGATIVE_INFINITY, 1e300, 5}) {
                assertThatThrownBy(() -> poles.restore(3, forged(snapshot, 48, number)))
                        .hasMessageContaining("the cart is at " + number + " m and ");
            }
            assertThat(poles.snapshot(3)).isEqualTo(snapshot);
            assertThat(poles.batch().reply().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(reply);
        }
    }

    /// The first state of such an episode lies far outside the observation space, and is saved like any other.
    @Test
    void whatFarEpisodeOptionsLeadToIsNoForgery() {
        for (String id : new String[] {"CartPole-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Acrobot-v1"}) {
            double far = id.startsWith("Acrobot") ? 30 : 1e6;
            try (var original = open(id, 16);
                    var other = open(id, 16)) {
                for (double high : new double[] {far, 0, -far + 1}) {
                    original.reset(null, null, Map.of("low", -far, "high", high));
                    for (int step = 0; step < 3; step++) {
                        for (int row = 0; row < 16; row++) {
                            byte[] snapshot = original.snapshot(row);
                            other.restore(row, snapshot);
                            assertThat(other.snapshot(row)).isEqualTo(snapshot);
                        }
                        original.step();
                    }
                }
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> noForgeryHarmsAnotherWayToPlay() {
        return Stream.of(
                        Conformance.of(CATALOGUE.find("Taxi-v4"))
                                .option("is_rainy", true)
                                .option("fickle_passenger", true),
                        Conformance.of(CATALOGUE.find("FrozenLake-v1")).option("desc", "SFG"),
                        Conformance.of(CATALOGUE.find("bandit")).option("pulls", 3),
                        Conformance.of(CATALOGUE.find("iterated-prisoners-dilemma"))
                                .option("rounds", 2),
                        Conformance.of(CATALOGUE.find("casino-blackjack"))
                                .option("agents", 6)
                                .option("decks", 8))
                .flatMap(conformance -> Stream.of(1, 2, 3)
                        .map(seed -> dynamicTest(
                                conformance + " from seed " + seed,
                                () -> conformance.seed(seed).require(Conformance.check("forged-snapshot")))));
    }
}
