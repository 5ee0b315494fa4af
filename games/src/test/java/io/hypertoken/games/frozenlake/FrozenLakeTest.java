package io.hypertoken.games.frozenlake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import io.hypertoken.games.OneRow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrozenLakeTest {

    @Test
    void aMapMayComeAsAListOfRows() {
        var rows = Map.of("desc", List.of("SFF", "FHG"), "is_slippery", false);
        try (var lake = OneRow.of(FrozenLake.SPEC, rows).reset(0)) {
            lake.step(2).step(2).step(1);

            assertThat(lake.observation(0)).containsExactly(5);
            assertThat(lake.reward(0)).isEqualTo(1);
            assertThat(lake.batch.terminated(0, 0)).isTrue();
        }
    }

    @Test
    void aMapWithoutAStartIsRefused() {
        assertThatThrownBy(() -> FrozenLake.SPEC.options(Map.of("desc", "FFF,FHG")))
                .isInstanceOf(HyperTokenException.class)
                .hasMessage("FrozenLake-v1 refused options {desc=FFF,FHG}; "
                        + "desc must be equally long rows of S, F, H and G, with an S; "
                        + "change one of them, or leave them out");
    }

    @Test
    void rewardsThatAreNotThreeWholeNumbersAreRefused() {
        assertThatThrownBy(() -> FrozenLake.SPEC.options(Map.of("reward_schedule", List.of(1, 0.5, 0))))
                .hasMessage("FrozenLake-v1 refused options {reward_schedule=[1, 0.5, 0]}; "
                        + "reward_schedule must be three whole numbers; change one of them, or leave them out");
    }
}
