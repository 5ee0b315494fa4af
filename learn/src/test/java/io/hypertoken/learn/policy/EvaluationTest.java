package io.hypertoken.learn.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    @Test
    void eachEpisodeIsThatOfItsOwnSeedHoweverManyAreAskedFor() {
        Spec blackjack = Catalogue.of(getClass().getClassLoader()).find("casino-blackjack");
        var options = blackjack.options(Map.of());
        var basic = List.of(blackjack.policy("basic-strategy", options));
        int[] ended = new int[1];

        Evaluation all = Evaluation.of(blackjack, options, basic, 1_300, 9, Evaluation.MOST_ROWS, () -> ended[0]++);

        assertThat(ended[0]).isEqualTo(1_300);
        assertThat(Evaluation.of(blackjack, options, basic, 1_300, 9, 3, () -> {})
                        .returns())
                .as("three rows at once")
                .isDeepEqualTo(all.returns());
        for (int episode : new int[] {0, 511, 512, 700, 1_299}) {
            Evaluation alone = Evaluation.of(blackjack, options, basic, 1, 9 + episode);
            assertThat(all.returns()[0][episode]).isEqualTo(alone.returns()[0][0]);
            assertThat(all.lengths()[episode]).isEqualTo(alone.lengths()[0]);
        }
    }
}
