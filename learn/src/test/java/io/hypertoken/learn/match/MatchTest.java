package io.hypertoken.learn.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Options;
import io.hypertoken.env.Policy;
import io.hypertoken.env.Spec;
import io.hypertoken.learn.policy.Evaluation;
import io.hypertoken.record.ScriptedActions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MatchTest {
    private static final Catalogue CATALOGUE = Catalogue.of(MatchTest.class.getClassLoader());
    private static final Spec TIC_TAC_TOE = CATALOGUE.find("tic-tac-toe");

    /// Takes the first free square: who begins wins against itself.
    private static final Policy FIRST_FREE = seat -> {
        int square = 0;
        while (!seat.allowed(square)) {
            square++;
        }
        seat.choose(0, 0, square);
    };

    @Test
    void swappedSeatsCancelWhatBeginningIsWorth() {
        Match match = play(TIC_TAC_TOE, FIRST_FREE, FIRST_FREE, 7);

        assertThat(match.episodes()).as("rounded up to pairs").isEqualTo(8);
        assertThat(match.score()).isEqualTo(0.5);
        assertThat(List.of(match.won(), match.lost())).containsExactly(0.5, 0.5);
        assertThat(match.seatings().get(0).mean(0)).as("who begins wins").isEqualTo(1);
        assertThat(match.seatings().get(1).mean(0)).isEqualTo(1);
        assertThat(match.alwaysTheSame()).isTrue();
    }

    @Test
    void theOpponentsFiguresAreTheSameFromItsSide() {
        Match match = play(TIC_TAC_TOE, FIRST_FREE, random(2, 300), 600);
        Match other = play(TIC_TAC_TOE, random(2, 300), FIRST_FREE, 600);

        assertThat(match.score() - match.interval()).isGreaterThan(0.5);
        assertThat(match.alwaysTheSame()).isFalse();
        assertThat(match.interval()).isBetween(0.01, 0.1);
        assertThat(other.score() + other.interval()).isLessThan(0.5);
        assertThat(other.won()).isLessThan(other.lost());
    }

    @Test
    void atATableOfThreeBothSitInEverySeat() {
        Spec blackjack = CATALOGUE.find("casino-blackjack");
        var options = blackjack.options(Map.of("agents", 3));
        Policy basic = blackjack.policy("basic-strategy", options);
        Match match = play(blackjack, options, basic, random(5, 200), 400, 11);

        assertThat(match.score()).isGreaterThan(0.55);
        assertThat(match.returns()).hasSize(200);
    }

    @Test
    void aRoundRobinRanksThemAndARankingComparesEpisodeByEpisode() {
        int[] ended = new int[1];
        RoundRobin played = RoundRobin.play(
                new LocalContest(
                        TIC_TAC_TOE,
                        TIC_TAC_TOE.options(Map.of()),
                        List.of(new Contestant("random", random(3, 300)), new Contestant("first-free", FIRST_FREE)),
                        Evaluation.MOST_ROWS),
                600,
                5,
                () -> ended[0]++);

        assertThat(ended[0]).isEqualTo(600);
        assertThat(played.places().getFirst().name()).isEqualTo("first-free");
        assertThat(played.elo().low()[1]).isGreaterThan(played.elo().high()[0]);

        Spec bandit = CATALOGUE.find("bandit");
        Ranking ranking = Ranking.play(
                new LocalContest(
                        bandit,
                        bandit.options(Map.of()),
                        List.of(new Contestant("a", FIRST), new Contestant("b", FIRST)),
                        3),
                20,
                5,
                () -> {});
        assertThat(ranking.places().get(1).behind()).isZero();
        assertThat(ranking.places().get(1).behindInterval())
                .as("the same ones do the same in the same episodes")
                .isZero();
    }

    private static final Policy FIRST = seat -> seat.choose(0, 0, 0);

    private static Policy random(long seed, int rows) {
        return new ScriptedActions(seed, rows);
    }

    private static Match play(Spec spec, Policy first, Policy second, int episodes) {
        return play(spec, spec.options(Map.of()), first, second, episodes, 3);
    }

    private static Match play(Spec spec, Options options, Policy first, Policy second, int episodes, long seed) {
        var who = List.of(new Contestant("first", first), new Contestant("second", second));
        return Match.play(new LocalContest(spec, options, who, Evaluation.MOST_ROWS), 0, 1, episodes, seed, () -> {});
    }
}
