package io.hypertoken.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.env.Spec;
import io.hypertoken.fixture.Auction;
import io.hypertoken.fixture.Gate;
import io.hypertoken.fixture.Mixer;
import io.hypertoken.space.DType;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchLayoutTest {
    private static BatchLayout layout(Spec spec, int rows, Autoreset mode) {
        return BatchLayout.of(spec, spec.signature(spec.options(Map.of())), rows, mode);
    }

    @Test
    void everyColumnIsAlignedAndNoneOverlap() {
        for (Autoreset mode : Autoreset.values()) {
            var layout = layout(Mixer.SPEC, 3, mode);
            for (ColumnGroup group : List.of(layout.reset(), layout.step(), layout.reply())) {
                long end = 0;
                for (Column column : group.columns()) {
                    assertThat(column.offset() % 64).as(column.name()).isZero();
                    assertThat(column.offset()).as(column.name()).isGreaterThanOrEqualTo(end);
                    end = column.end();
                }
                assertThat(group.bytes()).isGreaterThanOrEqualTo(end);
            }
        }
    }

    @Test
    void aLeafIsAColumnOfRowsAgentsAndItsOwnShape() {
        var reply = layout(Auction.SPEC, 5, Autoreset.NEXT_STEP).reply();

        assertThat(reply.column("observation").shape()).containsExactly(5, 3, 3);
        assertThat(reply.column("observation").dtype()).isEqualTo(DType.FLOAT32);
        assertThat(reply.column("action_mask").shape()).containsExactly(5, 3, 3);
        assertThat(reply.column("metrics").shape()).containsExactly(5, 2);
        assertThat(reply.column("turn").shape()).containsExactly(5);
    }

    @Test
    void whatAnEnvironmentDoesNotHaveHasNoColumn() {
        var mixer = layout(Mixer.SPEC, 1, Autoreset.NEXT_STEP).reply();

        assertThat(mixer.has("action_mask")).isFalse();
        assertThat(mixer.has("metrics")).isFalse();
        assertThat(mixer.has("final_observation.levels")).isFalse();
        assertThat(layout(Mixer.SPEC, 1, Autoreset.SAME_STEP).reply().has("final_observation.levels"))
                .isTrue();
        assertThatThrownBy(() -> mixer.column("metrics"))
                .hasMessageStartingWith("there is no column metrics; this group has [observation.levels, ");
    }

    @Test
    void aVectorOverTheCallersMemoryPlaysAsOneInItsOwn() {
        Settings settings = Settings.DEFAULT.rows(3);
        long bytes = layout(Gate.SPEC, 3, Autoreset.NEXT_STEP).bytes();
        try (Arena arena = Arena.ofConfined();
                var own = Vectors.open(Gate.SPEC, settings);
                var over = VectorEnvironment.over(
                        Gate.SPEC,
                        Gate.SPEC.options(Map.of()),
                        settings,
                        arena.allocate(bytes, 64).address())) {
            for (var vector : List.of(own, over)) {
                vector.reset(1);
                Vectors.step(vector, Gate.WAIT);
                Vectors.step(vector, Gate.GO);
            }
            assertThat(Vectors.reply(over)).isEqualTo(Vectors.reply(own));
        }
    }

    @Test
    void memoryThatIsNotAlignedIsRefused() {
        assertThatThrownBy(() ->
                        VectorEnvironment.over(Gate.SPEC, Gate.SPEC.options(Map.of()), Settings.DEFAULT, 4096 + 8))
                .hasMessage("cannot open a vector at address 4104; it must be a multiple of 64; pass aligned memory");
    }

    @Test
    void settingsNeedARowAndAThread() {
        assertThatThrownBy(() -> Settings.DEFAULT.rows(0))
                .hasMessage("refused num_envs=0; a vector has at least one row; pass 1 or more");
        assertThatThrownBy(() -> Settings.DEFAULT.threads(0))
                .hasMessage("refused threads=0; a step needs at least one thread; pass 1 or more");
    }
}
