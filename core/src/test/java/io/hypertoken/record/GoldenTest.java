package io.hypertoken.record;

import static io.hypertoken.env.OptionType.integers;
import static io.hypertoken.space.Spaces.discrete;
import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Spec;
import io.hypertoken.env.SpecBuilder;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenTest {
    @TempDir
    private Path folder;

    private Golden golden;

    @BeforeEach
    void openTheFolder() {
        golden = new Golden(folder.resolve("golden"));
    }

    /// Counts to `goal`, drawn by `sign`.
    private record Counter(int[] count, int goal, String sign) implements Environment, Renders {
        @Override
        public void reset(Step step) {
            count[0] = 0;
        }

        @Override
        public void step(Step step) {
            step.terminateIf(++count[0] == goal);
        }

        @Override
        public void observe(int agent, View view) {
            view.set(count[0]);
        }

        @Override
        public String text(int agent) {
            return sign.repeat(count[0]);
        }
    }

    private Golden.Update update(Spec spec, long seed) {
        return golden.update(spec, spec.options(Map.of()), seed);
    }

    private static SpecBuilder declaration(int version) {
        return Spec.of("counter", version).observes(discrete(9)).acts("count");
    }

    private static Spec counter(SpecBuilder declaration, int goal, String sign) {
        return declaration.creates(options -> new Counter(new int[1], goal, sign));
    }

    @Test
    void anUpdateWritesAFileThatItsCheckFindsRight() {
        Spec spec = counter(declaration(1), 5, "+");
        Golden.Update update = update(spec, 3);

        assertThat(update.refusal()).isEmpty();
        assertThat(update.file()).hasFileName("counter-v1-s3.txt");
        assertThat(golden.files()).containsExactly(update.file());
        assertThat(golden.check(update.file(), spec)).isEmpty();
    }

    @Test
    void changedRulesUnderTheSameVersionAreRefusedAndTheFileStays() throws IOException {
        Path file = update(counter(declaration(1), 5, "+"), 3).file();
        String before = Files.readString(file);
        Spec changed = counter(declaration(1), 6, "+");

        assertThat(golden.check(file, changed).getFirst())
                .hasToString(
                        "line 18 says \"last observation 5   reward 0   terminated yes   truncated no\" and is now "
                                + "\"observation 5   mask 1   reward 0   terminated no   truncated no\"");
        assertThat(update(changed, 3).refusal())
                .isEqualTo("counter v1 no longer plays as counter-v1-s3.txt has it: it says \"last observation 5   "
                        + "reward 0   terminated yes   truncated no\", now it is \"observation 5   mask 1   reward 0   "
                        + "terminated no   truncated no\"; rules do not change under the same version; raise the "
                        + "version and say why in its history, or undo the change");
        assertThat(file).hasContent(before);
    }

    @Test
    void aRaisedVersionTakesTheOldOnesPlaceOnceItsHistorySaysWhy() {
        Path old = update(counter(declaration(1), 5, "+"), 3).file();

        assertThat(update(counter(declaration(2), 6, "+"), 3).refusal())
                .isEqualTo("counter v2 has no line of history; each version says what changed; add "
                        + ".history(\"2: …\") to its Spec");
        Golden.Update update = update(counter(declaration(2).history("2: counts to 6"), 6, "+"), 3);

        assertThat(update.refusal()).isEmpty();
        assertThat(old).doesNotExist();
        assertThat(golden.files()).containsExactly(update.file());
    }

    @Test
    void anotherDrawingOrAFurtherOptionIsNoChangeOfTheRules() throws IOException {
        Path file = update(counter(declaration(1), 5, "+"), 3).file();
        Spec redrawn = counter(declaration(1).option("speed", integers(1, 3), 1), 5, "*");

        assertThat(golden.check(file, redrawn)).isNotEmpty();
        assertThat(update(redrawn, 3).refusal()).isEmpty();
        assertThat(Files.readString(file)).contains("***").contains("option speed: an integer from 1 to 3, default 1");
    }

    @Test
    void playthroughsOfOtherOptionsStandBesideEachOther() {
        Spec spec = counter(declaration(1).option("speed", integers(1, 3), 1), 5, "+");
        Path standard = update(spec, 3).file();
        Path fast = golden.update(spec, spec.options(Map.of("speed", 2)), 3).file();

        assertThat(fast).hasFileName("counter-v1-s3-speed=2.txt");
        assertThat(golden.files(spec)).containsExactlyInAnyOrder(standard, fast);
        assertThat(golden.check(fast, spec)).isEmpty();
    }

    @Test
    void anOptionThatIsGoneOrHasAnotherDefaultIsAChange() {
        update(counter(declaration(1).option("speed", integers(1, 3), 1), 5, "+"), 3);

        assertThat(update(counter(declaration(1).option("speed", integers(1, 3), 2), 5, "+"), 3)
                        .refusal())
                .contains("\"option speed: an integer from 1 to 3, default 1\" no longer holds");
    }
}
