package io.hypertoken.games.blackjack;

import static io.hypertoken.games.blackjack.CasinoBlackjack.HIT;
import static io.hypertoken.games.blackjack.CasinoBlackjack.STAND;
import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.env.Renders;
import io.hypertoken.games.OneRow;
import io.hypertoken.random.Generator;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Episodes of many rounds from one shoe.
class LongTableTest {

    @Test
    void eachRoundIsPaidWhenItIsSettledAndTheLastEndsTheEpisode() {
        try (var table = OneRow.of(CasinoBlackjack.SPEC, Map.of("rounds", 3)).reset(4)) {
            int settled = 0;
            double won = 0;
            while (!table.over()) {
                double left = table.observation(0)[6];
                table.step(STAND);
                boolean newDeal = table.observation(0)[6] < left && !table.over();
                settled += newDeal || table.over() ? 1 : 0;
                won += table.reward(0);
                assertThat(table.reward(0) == 0 || newDeal || table.over())
                        .as("no reward before a round is settled")
                        .isTrue();
            }

            assertThat(settled).isEqualTo(3);
            assertThat(table.batch.episodeReturn(0, 0)).isEqualTo(won);
        }
    }

    @Test
    void theShoeIsShuffledAfterARoundThatTookItToThePenetrationAndNotBefore() {
        var options = Map.of("rounds", 400, "decks", 1, "penetration", 0.5);
        try (var table = OneRow.of(CasinoBlackjack.SPEC, options).reset(5)) {
            double left = table.observation(0)[6];
            double lowest = 1;
            int shuffles = 0;
            while (!table.over()) {
                table.step(STAND);
                double now = table.observation(0)[6];
                if (now > left) {
                    shuffles++;
                    assertThat(now).as("a fresh deck less four cards").isEqualTo((float) (48 / 52.0));
                } else if (now < left && !table.over()) {
                    assertThat(now + 4 / 52.0)
                            .as("dealt on, so not yet at the penetration")
                            .isGreaterThan(0.5);
                }
                lowest = Math.min(lowest, now);
                left = now;
            }

            assertThat(shuffles).isBetween(50, 100);
            assertThat(lowest).isGreaterThan(0.25);
        }
    }

    /// With one deck and six seats the shoe runs out in most rounds of hitting and splitting.
    @Test
    void noCardIsEverOnTheTableTwiceHoweverOftenTheShoeRunsOut() {
        var options = Map.of("agents", 6, "rounds", 2_000, "decks", 1, "penetration", 1.0);
        try (var table = OneRow.of(CasinoBlackjack.SPEC, options).reset(6)) {
            Generator random = Generator.seeded(7);
            int filledAgain = 0;
            double left = 1;
            boolean sawMost = false;
            while (!table.over()) {
                table.step(anyButStand(table.mask(), random));
                requireNoCardTwice(table.vector.text(0, Renders.SPECTATOR));
                for (int seat = 0; seat < 6; seat++) {
                    for (double number : table.observation(seat)) {
                        assertThat(number).isBetween(0.0, 1.0);
                    }
                    sawMost |= table.observation(seat)[0] == 1;
                }
                filledAgain += table.observation(0)[6] > left ? 1 : 0;
                left = table.observation(0)[6];
            }

            assertThat(filledAgain).isGreaterThan(1_000);
            assertThat(sawMost).as("a bust of 31 was seen").isTrue();
        }
    }

    private static int anyButStand(String mask, Generator random) {
        int[] allowed = mask.chars().map(flag -> flag - '0').toArray();
        if (allowed[HIT] == 0) {
            return STAND;
        }
        int action;
        do {
            action = random.integers(allowed.length);
        } while (allowed[action] == 0 || action == STAND);
        return action;
    }

    /// A bust hand is off the table, though it is still drawn.
    private static void requireNoCardTwice(String text) {
        String[] cards = Arrays.stream(text.split("\n| \\| "))
                .filter(hand -> !hand.contains("bust"))
                .flatMap(hand -> Arrays.stream(hand.split(" ")))
                .filter(word -> word.matches(".*[♠♥♦♣]"))
                .toArray(String[]::new);
        assertThat(cards).doesNotHaveDuplicates();
    }
}
