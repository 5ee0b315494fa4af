package io.hypertoken.engine;

import static io.hypertoken.space.Spaces.discrete;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import io.hypertoken.env.SpecBuilder;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Numbers that a Spec tells: columns for the fast, info for everybody.
class InfoNumbersTest {

    /// Ends on action 1; tells the action as a share, and nothing on action 2.
    private static final class Teller implements Environment {
        static final Spec SPEC = declaration().creates(Teller::new);
        private static final int SHARE = SPEC.infoNumber("share");

        Teller(Options o) {}

        static SpecBuilder declaration() {
            return Spec.of("teller", 1)
                    .infoNumber("share", 1, "what it is told")
                    .observes(discrete(2))
                    .acts("go", "end", "hush", "lie")
                    .masks(MaskMeaning.ADVISORY);
        }

        @Override
        public void reset(Step s) {}

        @Override
        public void step(Step s) {
            if (s.action() == 3) {
                s.info(SHARE + 1, 1);
            }
            if (s.action() != 2) {
                s.info(SHARE, 0.25 + s.action());
            }
            s.info("word", "yes").terminateIf(s.action() == 1);
        }

        @Override
        public void observe(int agent, View v) {
            v.allow(2, false);
        }
    }

    private static VectorEnvironment open(Autoreset autoreset) {
        return VectorEnvironment.open(
                Teller.SPEC, Teller.SPEC.options(Map.of()), Settings.DEFAULT.autoreset(autoreset));
    }

    private static void play(VectorEnvironment vector, int action) {
        vector.batch().action(0, action);
        vector.step();
    }

    @Test
    void aResetTellsTheDeclaredValueInItsOwnTypeAndAStepAFloat() {
        try (var vector = open(Autoreset.DISABLED)) {
            vector.reset(0);
            assertThat(vector.info(0, 0)).isEqualTo(Map.of("share", 1));
            assertThat(vector.hasInfos()).as("a column says it all").isFalse();

            play(vector, 0);

            assertThat(vector.info(0, 0)).isEqualTo(Map.of("share", 0.25, "word", "yes"));
        }
    }

    /// Says at its reset what no declaration can know.
    private static final class Starter implements Environment {
        static final Spec SPEC = Spec.of("starter", 1)
                .infoNumber("level", 0, "where it begins")
                .infoNumber("worth", 0.0, "what it owns")
                .observes(discrete(2))
                .acts("go", "stay")
                .creates(Starter::new);

        Starter(Options o) {}

        @Override
        public void reset(Step s) {
            s.info(SPEC.infoNumber("level"), 3).info(SPEC.infoNumber("worth"), 20_000_000);
        }

        @Override
        public void step(Step s) {}

        @Override
        public void observe(int agent, View v) {}
    }

    @Test
    void aResetThatSaysANumberTellsThatInTheDeclaredType() {
        try (var vector = VectorEnvironment.open(Starter.SPEC, Starter.SPEC.options(Map.of()), Settings.DEFAULT)) {
            vector.reset(0);

            assertThat(vector.info(0, 0)).isEqualTo(Map.of("level", 3, "worth", 20_000_000.0));
        }
    }

    @Test
    void whatAStepDoesNotTellIsMissingFromItsInfo() {
        try (var vector = open(Autoreset.DISABLED)) {
            vector.reset(0);

            play(vector, 2);

            assertThat(vector.info(0, 0)).isEqualTo(Map.of("word", "yes"));
        }
    }

    @Test
    void inSameStepModeTheEndedEpisodesNumberIsInItsFinalInfoForOneStep() {
        try (var vector = open(Autoreset.SAME_STEP)) {
            vector.reset(0);

            play(vector, 1);
            assertThat(vector.finalInfo(0, 0)).isEqualTo(Map.of("share", 1.25, "word", "yes"));
            assertThat(vector.info(0, 0)).isEqualTo(Map.of("share", 1));

            play(vector, 0);
            assertThat(vector.finalInfo(0, 0)).isEmpty();
            assertThat(vector.info(0, 0)).isEqualTo(Map.of("share", 0.25, "word", "yes"));
        }
    }

    @Test
    void inNextStepModeTheResetTellsTheDeclaredValueAgain() {
        try (var vector = open(Autoreset.NEXT_STEP)) {
            vector.reset(0);
            play(vector, 1);
            assertThat(vector.info(0, 0)).isEqualTo(Map.of("share", 1.25, "word", "yes"));

            play(vector, 0);

            assertThat(vector.info(0, 0)).isEqualTo(Map.of("share", 1));
        }
    }

    @Test
    void anAdvisoryMaskIsShownWithTheLastObservationToo() {
        try (var vector = open(Autoreset.DISABLED)) {
            vector.reset(0);

            play(vector, 1);

            assertThat(vector.batch().allowed(0, 0, 0)).isTrue();
            assertThat(vector.batch().allowed(0, 0, 2)).isFalse();
        }
    }

    @Test
    void aHandleOfNoDeclaredNumberBreaksTheStep() {
        try (var vector = open(Autoreset.DISABLED)) {
            vector.reset(0);

            play(vector, 3);

            assertThat(vector.info(0, 0))
                    .containsEntry(
                            "environment_error",
                            "java.lang.ArrayIndexOutOfBoundsException: Index 1 out of bounds for length 1");
        }
        assertThatThrownBy(() -> Teller.SPEC.infoNumber("lie"))
                .hasMessage("teller v1 has no lie; it declares [share]; add it by .infoNumber(…)");
    }

    @Test
    void aNumberIsDeclaredOnce() {
        assertThatThrownBy(() -> Teller.declaration().infoNumber("share", 1.0, ""))
                .hasMessage("the Spec of teller is not valid; info share is declared twice; mend the declaration");
    }
}
