package io.hypertoken.games.blackjack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoundRewardsTest {
    @Test
    void theTablesOfSeveralThreadsAreCountedTogether() {
        RoundRewards first = KnownValue.MIMIC_DEALER.play(4096, 5)[0];
        RoundRewards second = KnownValue.MIMIC_DEALER.play(4096, 5 + 1024)[0];

        RoundRewards both = KnownValue.MIMIC_DEALER.play(8192, 5, 2)[0];

        assertThat(both.rounds()).isEqualTo(8192);
        assertThat(both.mean()).isEqualTo((first.mean() + second.mean()) / 2);
    }
}
