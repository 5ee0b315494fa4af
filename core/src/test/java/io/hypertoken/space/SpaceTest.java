package io.hypertoken.space;

import static io.hypertoken.space.Spaces.box;
import static io.hypertoken.space.Spaces.dict;
import static io.hypertoken.space.Spaces.discrete;
import static io.hypertoken.space.Spaces.multiBinary;
import static io.hypertoken.space.Spaces.multiDiscrete;
import static io.hypertoken.space.Spaces.tuple;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SpaceTest {
    @Test
    void aNestedSpaceFlattensToNamedLeavesInDeclaredOrder() {
        Space space = dict(
                "hand",
                dict("cards", multiDiscrete(4, 4), "open", multiBinary(3)),
                "rest",
                tuple(discrete(5), box(DType.UINT8, 0, 255, 2, 3)));

        assertThat(space.leaves())
                .containsExactly(
                        new Leaf("hand.cards", DType.INT64, List.of(2)),
                        new Leaf("hand.open", DType.INT8, List.of(3)),
                        new Leaf("rest.0", DType.INT64, List.of()),
                        new Leaf("rest.1", DType.UINT8, List.of(2, 3)));
        assertThat(space.leaves()).extracting(Leaf::bytes).containsExactly(16, 3, 8, 6);
    }

    @Test
    void onlyDiscreteAndMultiDiscreteHaveMasks() {
        assertThat(discrete(4).maskSize()).isEqualTo(4);
        assertThat(multiDiscrete(3, 5).maskSize()).isEqualTo(8);
        assertThat(box(0, 1, 2).maskSize()).isZero();
        assertThat(multiBinary(3).maskSize()).isZero();
        assertThat(tuple(discrete(4)).maskSize()).isZero();
    }

    @Test
    void aBoxEqualsAnotherOfTheSameBoundsAndSharesNoArray() {
        double[] low = {0, 0};
        Box first = box(low, new double[] {1, 2});
        low[0] = -9;
        first.high()[1] = 9;

        assertThat(first)
                .isEqualTo(box(new double[] {0, 0}, new double[] {1, 2}))
                .hasSameHashCodeAs(box(new double[] {0, 0}, new double[] {1, 2}));
        assertThat(first).isNotEqualTo(box(new double[] {0, 0}, new double[] {1, 3}));
    }

    @Test
    void impossibleSpacesAreRefused() {
        assertRefused(() -> discrete(0), "cannot make Discrete(0); it needs at least one value");
        assertRefused(
                () -> new Discrete(2, Integer.MAX_VALUE),
                "cannot make Discrete(2, start=2147483647); its last value must fit in 32 bits");
        assertRefused(() -> multiBinary(0), "cannot make MultiBinary(0); it needs at least one flag");
        assertRefused(
                () -> multiDiscrete(2, 0),
                "cannot make MultiDiscrete([2, 0]); it needs at least one dimension, each with at least one value");
        assertRefused(
                () -> box(2, 1, 3),
                "cannot make Box with low 2.0 and high 1.0; each lower bound must be at most its upper bound, and "
                        + "neither may be NaN");
        assertRefused(() -> box(0, 1, 0), "cannot make Box of shape [0]; each dimension must be at least 1");
        assertRefused(() -> new DictSpace(Map.of()), "cannot make an empty Dict space; it needs at least one part");
        var dotted = new LinkedHashMap<String, Space>();
        dotted.put("a.b", discrete(1));
        assertRefused(() -> dict(dotted), "cannot make Dict space [a.b]; a name must not be empty or hold a dot");
        assertRefused(Spaces::tuple, "cannot make an empty Tuple space; it needs at least one part");
    }

    private static void assertRefused(ThrowingCallable space, String refusal) {
        assertThatThrownBy(space)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(refusal + "; mend the declaration");
    }
}
