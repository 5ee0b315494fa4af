package io.hypertoken.server.bridge;

import static io.hypertoken.env.OptionType.integers;
import static io.hypertoken.env.OptionType.text;
import static io.hypertoken.space.Spaces.discrete;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Environment;
import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.server.session.Opening;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How rules are run is for whoever starts the server to say.
class HostOptionsTest {
    private static final Spec SPEC = Spec.of("hosted", 1)
            .option("length", integers(1, 9), 3)
            .hostOption("program", text(20), "python3", "The program that plays.")
            .observes(discrete(10))
            .acts("wait")
            .creates(Hosted::new);

    private record Hosted(Options options) implements Environment {
        @Override
        public void reset(Step step) {
            step.info("program", options.text("program"));
        }

        @Override
        public void step(Step step) {}

        @Override
        public void observe(int agent, View view) {
            view.set(options.integer("length"));
        }
    }

    private final Bridge bridge = Bridge.start(
            new BridgeSettings(new Catalogue(List.of(SPEC)), Opening.of(SPEC, Map.of("program", "mine"), null, 60), 0));
    private final Client client = Client.connect(bridge.url());

    @AfterEach
    void stop() {
        client.close();
        bridge.close();
    }

    @Test
    void aClientThatNamesOneIsRefused() {
        String refusal = "hosted refused option program; it says how the server runs the rules; leave it out; "
                + "whoever starts the server may give it";

        assertThat(client.ask("{\"cmd\":\"open\",\"env\":\"hosted\",\"options\":{\"program\":\"evil\"}}"))
                .containsEntry("code", "bad_option")
                .containsEntry("error", refusal);
        for (String query : List.of("/?program=evil", "/?env=hosted&program=evil")) {
            assertThatThrownBy(() -> Client.connect(bridge.url() + query)).hasMessageContaining("Handshake");
        }
    }

    @Test
    void whatTheServerWasStartedWithHoldsForItsClients() {
        for (String request :
                List.of("{\"cmd\":\"ping\"}", "{\"cmd\":\"open\",\"env\":\"hosted\",\"options\":{\"length\":5}}")) {
            client.ask(request);

            assertThat(client.ask("{\"cmd\":\"reset\",\"reply\":\"turn\"}").toString())
                    .contains("program=mine");
        }
    }
}
