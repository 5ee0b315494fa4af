package io.hypertoken.games.blackjack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Holds the game against the mathematics of its rules. Seeds are fixed, so these tests never waver; the intervals are
/// three standard errors wide on either side.
class KnownValueTest {
    private static final long ROUNDS = 2_000_000;
    private static final double SIGMAS = 3;

    @ParameterizedTest
    @EnumSource
    void twoMillionRoundsComeToTheExactValueInEverySeat(KnownValue known) {
        for (RoundRewards seat : known.play(ROUNDS, 1)) {
            assertThat(seat.rounds()).isBetween(ROUNDS, ROUNDS + 1024);
            assertThat(seat.mean()).isCloseTo(known.exact(), within(SIGMAS * seat.standardError()));
        }
    }

    /// Exact shares of each reward for a bet of 10, from the calculation that [KnownValue] speaks of.
    @Test
    void hittingTo17EarnsEachRewardAsOftenAsItShould() {
        RoundRewards rewards = KnownValue.MIMIC_DEALER.play(ROUNDS, 2)[0];

        assertShare(rewards, -10, 0.490833);
        assertShare(rewards, 0, 0.097752);
        assertShare(rewards, 10, 0.366092);
        assertShare(rewards, 15, 0.045323);
        assertThat(rewards.share(-10) + rewards.share(0) + rewards.share(10) + rewards.share(15))
                .isCloseTo(1, within(1e-12));
    }

    /// The standard error of basic strategy is 1.146 bets a round, from the same calculation.
    @Test
    void aRoundOfBasicStrategySpreadsAsItShould() {
        RoundRewards rewards = KnownValue.BASIC_STRATEGY_6_DECKS.play(ROUNDS, 3)[0];

        assertThat(rewards.standardError() * Math.sqrt(rewards.rounds())).isCloseTo(1.146, within(0.005));
    }

    private static void assertShare(RoundRewards rewards, double chips, double exact) {
        double standardError = Math.sqrt(exact * (1 - exact) / rewards.rounds());
        assertThat(rewards.share(chips))
                .as("share of %s chips", chips)
                .isCloseTo(exact, within(SIGMAS * standardError));
    }
}
