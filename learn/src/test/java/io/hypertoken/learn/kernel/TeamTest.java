package io.hypertoken.learn.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TeamTest {
    @Test
    void everyPieceIsDoneOnceInEveryRound() {
        try (var team = new Team(3)) {
            int[] done = new int[50];
            for (int round = 0; round < 200; round++) {
                team.run(done.length, (piece, thread) -> done[piece]++);
            }

            assertThat(done).containsOnly(200);
        }
    }

    @Test
    void aPieceThatThrowsIsToldToTheCallerAndTheTeamGoesOn() {
        try (var team = new Team(2)) {
            assertThatThrownBy(() -> team.run(4, (piece, thread) -> {
                        throw new IllegalArgumentException("piece " + piece);
                    }))
                    .isInstanceOf(RuntimeException.class)
                    .hasMessageContaining("piece ");

            int[] done = new int[4];
            team.run(4, (piece, thread) -> done[piece]++);
            assertThat(done).containsOnly(1);
        }
    }
}
