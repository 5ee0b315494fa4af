package io.hypertoken;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DidYouMeanTest {
    private static final List<String> KNOWN = List.of("casino-blackjack", "CartPole-v1", "bandit", "connect-four");

    @Test
    void aSlipOfTheHandFindsItsNameWhateverItsCase() {
        assertThat(DidYouMean.nearest("BANDTI", KNOWN)).containsExactly("bandit");
        assertThat(DidYouMean.nearest("cartpole-v2", KNOWN)).containsExactly("CartPole-v1");
    }

    @Test
    void aBeginningFindsTheWholeName() {
        assertThat(DidYouMean.nearest("casino", KNOWN)).containsExactly("casino-blackjack");
    }

    @Test
    void whatIsNearNothingIsAnsweredWithAllThatIsKnown() {
        assertThat(DidYouMean.hint("chess", KNOWN))
                .isEqualTo("known: casino-blackjack, CartPole-v1, bandit, connect-four");
    }

    @Test
    @Timeout(5)
    void nothingIsNearAWordOfAMillionLetters() {
        String word = "a".repeat(1_000_000);

        assertThat(DidYouMean.hint(word, List.of("b".repeat(100_000), "bandit")))
                .startsWith("known: bbb");
    }

    @Test
    void severalNearNamesAreOfferedNearestFirst() {
        assertThat(DidYouMean.hint("caat", List.of("cart", "cat", "dog", "coat")))
                .isEqualTo("did you mean cart or cat or coat?");
    }
}
