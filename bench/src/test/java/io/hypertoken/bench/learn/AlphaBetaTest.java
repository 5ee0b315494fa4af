package io.hypertoken.bench.learn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Bits count up a column of seven, columns to the right.
class AlphaBetaTest {
    private static final long FIRST_COLUMN = 0b111L;
    private static final long LEVEL = 1L | 1L << 7 | 1L << 14;

    private final AlphaBeta player = new AlphaBeta(4, 1);

    @Test
    void itCompletesALineRatherThanStopAnother() {
        assertThat(player.best(LEVEL, FIRST_COLUMN << 35)).isEqualTo(3);
    }

    @Test
    void itStopsALineThatTheOtherWouldComplete() {
        assertThat(player.best(1L << 42 | 1L << 43, FIRST_COLUMN)).isEqualTo(0);
    }

    /// Two in a row with both sides open become three with both sides open: one of them is too late.
    @Test
    void itSeesAForkTwoTokensAhead() {
        assertThat(player.best(1L << 14 | 1L << 21, 1L << 15 | 1L << 22)).isIn(1, 4);
    }

    @Test
    void aLineMayRiseOrFallButNotRunOnIntoTheNextColumn() {
        assertThat(AlphaBeta.hasLine(1L | 1L << 8 | 1L << 16 | 1L << 24)).isTrue();
        assertThat(AlphaBeta.hasLine(1L << 3 | 1L << 9 | 1L << 15 | 1L << 21)).isTrue();
        assertThat(AlphaBeta.hasLine(1L << 4 | 1L << 5 | 1L << 7 | 1L << 8)).isFalse();
    }
}
