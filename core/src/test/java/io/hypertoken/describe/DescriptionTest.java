package io.hypertoken.describe;

import static io.hypertoken.space.Spaces.box;
import static io.hypertoken.space.Spaces.dict;
import static io.hypertoken.space.Spaces.discrete;
import static io.hypertoken.space.Spaces.multiBinary;
import static io.hypertoken.space.Spaces.multiDiscrete;
import static io.hypertoken.space.Spaces.tuple;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.BatchLayout;
import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import io.hypertoken.fixture.Auction;
import io.hypertoken.fixture.Blueprint;
import io.hypertoken.fixture.Mixer;
import io.hypertoken.space.Box;
import io.hypertoken.space.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DescriptionTest {
    private static Map<String, @Nullable Object> properties(Spec spec) {
        Options opened = spec.options(Map.of());
        return Description.properties(spec, opened, spec.signature(opened), spec.stepLimit());
    }

    @Test
    void everySpaceIsAMapThatBeginsWithItsType() {
        assertThat(Description.space(discrete(5)).entrySet())
                .containsExactly(
                        entry("type", "discrete"), entry("n", 5), entry("start", 0), entry("shape", List.of()));
        assertThat(Description.space(multiDiscrete(2, 3)).entrySet())
                .containsExactly(entry("type", "multi_discrete"), entry("nvec", List.of(2, 3)));
        assertThat(Description.space(multiBinary(4)).entrySet())
                .containsExactly(entry("type", "multi_binary"), entry("n", 4));
        assertThat(Description.space(tuple(multiBinary(1))).entrySet())
                .containsExactly(
                        entry("type", "tuple"), entry("spaces", List.of(Map.of("type", "multi_binary", "n", 1))));
        assertThat(Description.space(dict("b", multiBinary(1), "a", multiBinary(2))))
                .hasToString("{type=dict, spaces={b={type=multi_binary, n=1}, a={type=multi_binary, n=2}}}");
        assertThat(Description.space(box(0, 1)).entrySet())
                .containsExactly(
                        entry("type", "box"),
                        entry("shape", List.of()),
                        entry("low", 0L),
                        entry("high", 1L),
                        entry("dtype", "float32"));
    }

    @Test
    void aBoundIsNestedAsTheShapeIsWholeWhereItCanBeAndNullWhereThereIsNone() {
        var box = new Box(
                DType.FLOAT64, List.of(2, 1, 2), new double[] {-1, -0.5, Double.NEGATIVE_INFINITY, -0.0}, new double[] {
                    1e15, 1e14, Double.POSITIVE_INFINITY, 0.0
                });

        Map<String, @Nullable Object> space = Description.space(box);

        assertThat(space.get("low"))
                .isEqualTo(List.of(List.of(List.of(-1L, -0.5)), List.of(Arrays.asList(null, -0.0))));
        assertThat(space.get("high"))
                .isEqualTo(List.of(List.of(List.of(1e15, 100_000_000_000_000L)), List.of(Arrays.asList(null, 0L))));
    }

    @Test
    void onlyALargeBoxWhoseBoundsAreAllTheSameHasOneNumberForThem() {
        assertThat(Description.space(box(0, 1, 1_000)).get("low"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(1_000);
        assertThat(Description.space(box(0, Double.POSITIVE_INFINITY, 1_000, 1_000)))
                .containsEntry("low", 0L)
                .containsEntry("high", null);
        double[] own = IntStream.range(0, 1_001).asDoubleStream().toArray();
        assertThat(Description.space(box(own, own)).get("high"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(1_001)
                .endsWith(1_000L);
    }

    @Test
    void thePropertiesComeInTheProtocolsOrder() {
        assertThat(properties(Blueprint.SPEC).keySet())
                .containsExactly(
                        "env_type",
                        "version",
                        "env_options",
                        "episode_options",
                        "possible_agents",
                        "observation_spaces",
                        "action_spaces",
                        "max_steps",
                        "reward_threshold",
                        "turn_order",
                        "masked",
                        "mask_meaning",
                        "reward_kind",
                        "action_names",
                        "observation_legend",
                        "metrics",
                        "info_numbers",
                        "policies",
                        "render_modes",
                        "rules");
    }

    @Test
    void whatIsDeclaredIsDescribedWithoutCreatingAnything() {
        Options opened = Blueprint.SPEC.options(Map.of());
        assertThatThrownBy(() -> Blueprint.SPEC.create(opened)).hasMessage("only drawn");

        assertThat(properties(Blueprint.SPEC))
                .containsEntry("env_options", Map.of("built", false, "scale", 1.0))
                .containsEntry("episode_options", Map.of("shade", 0.5))
                .containsEntry("possible_agents", List.of("architect", "builder"))
                .containsEntry("max_steps", 9)
                .containsEntry("turn_order", "sequential")
                .containsEntry("masked", true)
                .containsEntry("mask_meaning", "binding")
                .containsEntry("reward_kind", "integer")
                .containsEntry("info_numbers", Map.of("sheets", 1, "ink", 1.0))
                .containsEntry("render_modes", List.of("ansi", "rgb_array"));
        assertThat(Description.summary(Blueprint.SPEC))
                .hasToString("{id=blueprint, version=3, aliases=[plan], agents=2, turn_order=sequential, max_steps=9, "
                        + "reward_threshold=null, render_modes=[ansi, rgb_array]}");
    }

    @Test
    void whatIsNotThereIsNullOrEmpty() {
        assertThat(properties(Mixer.SPEC))
                .containsEntry("masked", false)
                .containsEntry("mask_meaning", "none")
                .containsEntry("render_modes", List.of())
                .containsEntry("info_numbers", Map.of());
        assertThat(properties(Auction.SPEC)).containsEntry("render_modes", List.of("ansi"));
    }

    @Test
    void aLayoutListsEachGroupsColumns() {
        Options opened = Mixer.SPEC.options(Map.of());
        var layout = BatchLayout.of(Mixer.SPEC, Mixer.SPEC.signature(opened), 3, Autoreset.NEXT_STEP);

        Map<String, @Nullable Object> groups = Description.layout(layout);

        assertThat(groups.keySet()).containsExactly("reset", "step", "reply");
        assertThat(Objects.toString(groups.get("reset")))
                .isEqualTo("[{name=seeds, dtype=int64, shape=[3], offset=0, bytes=24}, "
                        + "{name=mask, dtype=uint8, shape=[3], offset=64, bytes=3}]");
        assertThat(groups.get("reply")).isEqualTo(Description.columns(layout.reply()));
    }
}
