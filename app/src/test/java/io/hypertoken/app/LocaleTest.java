package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Spec;
import io.hypertoken.record.Playthrough;
import io.hypertoken.record.ScriptedActions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What we write is the same wherever it is written: with Arabic and Indian digits, and the Turkish i.
class LocaleTest extends CommandTest {
    private static final Catalogue CATALOGUE = Catalogue.of(LocaleTest.class.getClassLoader());

    private static <T> T under(Locale locale, Supplier<T> written) {
        Locale before = Locale.getDefault();
        Locale.setDefault(locale);
        try {
            return written.get();
        } finally {
            Locale.setDefault(before);
        }
    }

    private static void assertTheSame(String tag, Supplier<String> written) {
        Locale locale = Locale.forLanguageTag(tag);
        assertThat(under(locale, () -> String.format(locale, "%d", 7) + "I".toLowerCase(locale)))
                .as("the locale differs in digits or letters")
                .isNotEqualTo("7i");

        assertThat(under(locale, written)).isEqualTo(under(Locale.ROOT, written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ar-EG-u-nu-arab", "tr-TR", "hi-IN-u-nu-deva"})
    void everyGameIsDrawnTheSame(String tag) {
        assertTheSame(tag, () -> {
            var drawn = new StringBuilder();
            CATALOGUE.specs().forEach(spec -> drawn.append(draw(spec)));
            return drawn.toString();
        });
    }

    private static String draw(Spec spec) {
        List<String> drawn = new ArrayList<>();
        try (var vector = VectorEnvironment.open(spec, spec.options(Map.of()), Settings.DEFAULT)) {
            vector.reset(3);
            var script = new ScriptedActions(3, 1);
            for (int step = 0; step < 30; step++) {
                drawn.add(spec.id() + ": " + vector.text(0, Renders.SPECTATOR) + vector.text(0, 0));
                script.choose(vector);
                vector.step();
            }
        }
        return String.join("\n", drawn);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ar-EG-u-nu-arab", "tr-TR", "hi-IN-u-nu-deva"})
    void aPlaythroughIsWrittenTheSame(String tag) {
        for (String id : new String[] {"Blackjack-v1", "casino-blackjack", "CartPole-v1"}) {
            Spec spec = CATALOGUE.find(id);
            assertTheSame(
                    tag, () -> Playthrough.play(spec, spec.options(Map.of()), 3).toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ar-EG-u-nu-arab", "tr-TR", "hi-IN-u-nu-deva"})
    void theCommandsSayTheSame(String tag) {
        for (String[] words : new String[][] {
            {"--help"},
            {"envs"},
            {"describe", "casino-blackjack", "--DECKS=2"},
            {"describe", "casino-blackjack", "--decks=2"},
            {"describe", "CARTPOLE-V1"},
            {"digest", "bandit", "--steps=12", "--envs=9", "--autoreset=DISABLED"},
            {"check", "tic-tac-toe", "--steps=20", "--only=spaces"}
        }) {
            assertTheSame(tag, () -> run(words) + out() + err());
        }
    }
}
