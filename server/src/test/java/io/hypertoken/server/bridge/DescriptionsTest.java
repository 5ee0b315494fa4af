package io.hypertoken.server.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.describe.Description;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Options;
import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.fixture.Auction;
import io.hypertoken.fixture.Blueprint;
import io.hypertoken.fixture.Corridor;
import io.hypertoken.fixture.Mixer;
import io.hypertoken.server.session.Opening;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the bridge tells of an environment is core's description of it, value by value and in its order.
class DescriptionsTest {
    static Stream<Spec> specs() {
        Stream<Spec> shipped = Catalogue.of(DescriptionsTest.class.getClassLoader()).specs().stream();
        return Stream.concat(shipped, Stream.of(Auction.SPEC, Blueprint.SPEC, Mixer.SPEC, Corridor.SPEC));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void envInfoBeginsWithCoresDescription(Spec spec) {
        Map<String, Object> given = spec == Blueprint.SPEC ? Map.of("built", true) : Map.of();
        Options opened = spec.options(given);
        Signature signature = spec.signature(opened);
        var described = plain(Description.properties(spec, opened, signature, spec.stepLimit()));
        var settings = new BridgeSettings(new Catalogue(List.of(spec)), Opening.of(spec, given, null, 60), 0);
        try (var bridge = Bridge.start(settings);
                var client = Client.connect(bridge.url())) {
            Map<String, @Nullable Object> told = client.ask("{\"cmd\":\"env_info\"}");
            List<String> names = List.copyOf(described.keySet());

            assertThat(List.copyOf(told.keySet()).subList(0, names.size())).isEqualTo(names);
            described.forEach((name, value) -> assertThat(told).containsEntry(name, value));
            String agent = signature.agents().getLast();
            assertThat(client.ask("{\"cmd\":\"observation_space\",\"agent\":\"" + agent + "\"}"))
                    .isEqualTo(plain(Map.of(
                            "space",
                            Description.space(signature.observationSpaces().getLast()))));
            assertThat(client.ask("{\"cmd\":\"action_space\",\"agent\":\"" + agent + "\"}"))
                    .isEqualTo(plain(Map.of(
                            "space", Description.space(signature.actionSpaces().getLast()))));
        }
    }

    /// As a reader of JSON holds it: whole numbers are Longs.
    private static Map<String, @Nullable Object> plain(Map<?, ?> map) {
        var read = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((name, value) -> read.put((String) name, plainValue(value)));
        return read;
    }

    private static @Nullable Object plainValue(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> plain(map);
            case List<?> list -> {
                var read = new ArrayList<@Nullable Object>();
                list.forEach(part -> read.add(plainValue(part)));
                yield read;
            }
            case Integer number -> number.longValue();
            case null, default -> value;
        };
    }
}
