package io.hypertoken.server.bridge;

import static io.hypertoken.env.OptionType.integers;
import static io.hypertoken.space.Spaces.discrete;
import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.server.session.Opening;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A reset that fails leaves no episode behind, on the wire as in the engine.
class FailedResetTest {
    /// Cannot be reset when its episode is told to fail.
    private static final class Failing implements Environment {
        private static final Spec SPEC = Spec.of("failing", 1)
                .episodeOption("fail", integers(0, 1), 0, "Whether to fail.")
                .observes(discrete(10))
                .acts("go")
                .masks(MaskMeaning.NONE)
                .creates(options -> new Failing());

        @Override
        public void reset(Step step) {
            if (step.options().integer("fail") == 1) {
                throw new IllegalStateException("no luck");
            }
        }

        @Override
        public void step(Step step) {
            step.reward(1);
        }

        @Override
        public void observe(int agent, View view) {
            view.set(1);
        }
    }

    @Test
    void afterItNobodyIsThereUntilTheNextReset() {
        var settings = new BridgeSettings(
                new Catalogue(List.of(Failing.SPEC)), Opening.of(Failing.SPEC, Map.of(), null, 60), 0);
        try (var bridge = Bridge.start(settings);
                var client = Client.connect(bridge.url())) {
            client.ask("{\"cmd\":\"reset\",\"seed\":1}");
            client.ask("{\"cmd\":\"step\",\"action\":0}");

            client.ask("{\"cmd\":\"reset\",\"options\":{\"fail\":1}}");

            assertThat(client.ask("{\"cmd\":\"agents\"}")).containsEntry("agents", List.of());
            assertThat(client.ask("{\"cmd\":\"rewards\"}")).containsEntry("rewards", Map.of());
            assertThat(client.ask("{\"cmd\":\"step\",\"action\":0}")).containsEntry("code", "not_reset");
            assertThat(client.ask("{\"cmd\":\"reset\",\"seed\":2}")).containsEntry("ok", true);
            assertThat(client.ask("{\"cmd\":\"step\",\"action\":0}")).containsEntry("ok", true);
        }
    }
}
