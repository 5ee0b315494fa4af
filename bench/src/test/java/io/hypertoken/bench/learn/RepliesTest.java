package io.hypertoken.bench.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Policy;
import io.hypertoken.env.Spec;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RepliesTest {
    private static final Spec SPEC =
            Catalogue.of(RepliesTest.class.getClassLoader()).find("tic-tac-toe");

    /// Who begins at the first free cell, and goes on so, loses some.
    @Test
    void itFindsEveryGameThatAPolicyLoses() {
        Policy firstFree = seat -> {
            int cell = 0;
            while (!seat.allowed(cell)) {
                cell++;
            }
            seat.choose(0, cell);
        };

        try (var replies = new Replies(SPEC, SPEC.options(Map.of()), firstFree).walk()) {
            assertThat(replies.lost()).isPositive();
            assertThat(replies.won()).isPositive();
        }
    }
}
