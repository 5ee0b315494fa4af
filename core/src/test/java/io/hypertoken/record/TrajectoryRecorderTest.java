package io.hypertoken.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Spec;
import io.hypertoken.fixture.Auction;
import io.hypertoken.fixture.Corridor;
import io.hypertoken.fixture.Duel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrajectoryRecorderTest {
    private final List<String> records = new ArrayList<>();

    private VectorEnvironment recorded(Spec spec, Map<String, ?> options, Settings settings) {
        var vector = VectorEnvironment.open(spec, spec.options(options), settings);
        TrajectoryRecorder.attach(
                vector,
                (row, bytes, length) -> records.add(row + " " + HexFormat.of().formatHex(bytes, 0, length)));
        return vector;
    }

    @Test
    void aSequentialRowIsRecordedByteForByte() {
        // A corridor of 2 cells begins in cell 0, and one step to the right ends it.
        try (var corridor = recorded(Corridor.SPEC, Map.of("length", 2), Settings.DEFAULT)) {
            corridor.reset(3);
            corridor.batch().action(0, 1);
            corridor.step();
            corridor.step();
        }

        assertThat(records)
                .containsExactly(
                        "0 " + bytes('R', 3L, 0, 0L, flags(0, 1)),
                        "0 " + bytes('S', 1L, -1.0, flags(1), flags(0), -1, 1L),
                        "0 " + bytes('R', -1L, 0, 0L, flags(0, 1)));
    }

    @Test
    void sameStepLeavesTheSameRecordsOneStepEarlier() {
        try (var corridor =
                recorded(Corridor.SPEC, Map.of("length", 2), Settings.DEFAULT.autoreset(Autoreset.SAME_STEP))) {
            corridor.reset(3);
            corridor.batch().action(0, 1);
            corridor.step();
        }

        assertThat(records)
                .containsExactly(
                        "0 " + bytes('R', 3L, 0, 0L, flags(0, 1)),
                        "0 " + bytes('S', 1L, -1.0, flags(1), flags(0), -1, 1L),
                        "0 " + bytes('R', -1L, 0, 0L, flags(0, 1)));
    }

    @Test
    void aSimultaneousRowRecordsAllWhoWereAliveInOrderEachWithItsOwnMask() {
        try (var duel = recorded(Duel.SPEC, Map.of(), Settings.DEFAULT)) {
            duel.reset(0);
            long[] giant = {
                (long) duel.batch().observation(0, 0, 0, 0), (long) duel.batch().observation(0, 0, 0, 1)
            };
            duel.batch().action(0, 0, 2);
            duel.batch().action(0, 1, 6);
            duel.step();
            long wind = (long) duel.batch().observation(0, 0, 0, 2);
            long[] after = {giant[0] - 2, giant[1] - 1 - (wind == 3 ? 1 : 0)};

            assertThat(records)
                    .containsExactly(
                            "0 "
                                    + bytes('R', 0L, -1)
                                    + bytes(giant[0], giant[1], 0L, flags(1, 1, 1, 1))
                                    + bytes(giant[1], giant[0], 0L, flags(1, 1)),
                            "0 "
                                    + bytes('S', 2L, 6L, 1.0, -1.0, flags(0, 0), flags(0, 0), -1)
                                    + bytes(after[0], after[1], wind, flags(1, 1, 1, 1))
                                    + bytes(after[1], after[0], wind, flags(1, 1)));
        }
    }

    @Test
    void anAgentThatEndsBeforeTheOthersLeavesItsLastObservationBehindTheNextActors() {
        try (var auction = recorded(Auction.SPEC, Map.of(), Settings.DEFAULT)) {
            auction.reset(1);
            int leaver = auction.batch().turn(0);
            float draw = (float) auction.batch().observation(0, leaver, 0, 2);
            auction.batch().action(0, leaver, 1);
            auction.step();

            int[] gone = new int[3];
            gone[leaver] = 1;
            assertThat(records.getLast())
                    .isEqualTo("0 "
                            + bytes('S', 1L, 0.0, 0.0, 0.0, flags(gone), flags(0, 0, 0), (leaver + 1) % 3)
                            + bytes(0f, 2f, draw, flags(1, 1, 0))
                            + bytes(0f, 2f, draw));
        }
    }

    @Test
    void aDrawnSeedIsRecordedSoThatTheRunCanBeReplayed() {
        try (var corridor = recorded(Corridor.SPEC, Map.of("length", 2), Settings.DEFAULT)) {
            corridor.reset(null, null, Map.of());
            long drawn = corridor.usedSeed(0);
            corridor.reset(null, null, Map.of());

            assertThat(records)
                    .containsExactly(
                            "0 " + bytes('R', drawn, 0, 0L, flags(0, 1)), "0 " + bytes('R', -1L, 0, 0L, flags(0, 1)));
        }
    }

    @Test
    void onlyRowsThatWereResetAreRecordedAndNothingOnceItIsClosed() {
        try (var corridor =
                VectorEnvironment.open(Corridor.SPEC, Corridor.SPEC.options(Map.of()), Settings.DEFAULT.rows(3))) {
            var rows = new ArrayList<Integer>();
            var recorder = TrajectoryRecorder.attach(corridor, (row, bytes, length) -> rows.add(row));
            corridor.reset(0);
            corridor.reset(new boolean[] {false, true, false}, null, Map.of());

            recorder.close();
            corridor.reset(0);

            assertThat(rows).containsExactly(0, 1, 2, 1);
        }
    }

    private static byte[] flags(int... flags) {
        byte[] bytes = new byte[flags.length];
        for (int k = 0; k < flags.length; k++) {
            bytes[k] = (byte) flags[k];
        }
        return bytes;
    }

    /// The little-endian bytes of a sequence, in hexadecimal.
    private static String bytes(Object... parts) {
        var buffer = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
        for (Object part : parts) {
            switch (part) {
                case Character kind -> buffer.put((byte) kind.charValue());
                case Long value -> buffer.putLong(value);
                case Integer value -> buffer.putInt(value);
                case Double value -> buffer.putDouble(value);
                case Float value -> buffer.putFloat(value);
                case byte[] flags -> buffer.put(flags);
                default -> throw new IllegalArgumentException("no bytes for " + part);
            }
        }
        return HexFormat.of().formatHex(buffer.array(), 0, buffer.position());
    }
}
