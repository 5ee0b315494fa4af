package io.hypertoken.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import io.hypertoken.check.FlippedBit;
import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.IllegalActions;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Spec;
import io.hypertoken.fixture.Auction;
import io.hypertoken.fixture.Corridor;
import io.hypertoken.fixture.Dials;
import io.hypertoken.fixture.Duel;
import io.hypertoken.fixture.Fuse;
import io.hypertoken.fixture.Gate;
import io.hypertoken.fixture.Mixer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class EpisodeFileTest {
    static Stream<Spec> specs() {
        return Stream.of(Corridor.SPEC, Auction.SPEC, Duel.SPEC, Mixer.SPEC, Dials.SPEC);
    }

    /// Plays a vector into a file.
    @FunctionalInterface
    private interface Player {
        void play(VectorEnvironment vector);
    }

    private static byte[] recorded(Spec spec, Map<String, ?> options, Settings settings, Player player) {
        var bytes = new ByteArrayOutputStream();
        try (var vector = VectorEnvironment.open(spec, spec.options(options), settings);
                var writer = new EpisodeWriter(vector, bytes)) {
            TrajectoryRecorder.attach(vector, writer);
            player.play(vector);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    private static void playScript(VectorEnvironment vector, int steps) {
        vector.reset(5);
        var script = new ScriptedActions(5, vector.settings().rows());
        for (int k = 0; k < steps; k++) {
            ScriptedRun.step(vector, script);
        }
    }

    private static byte[] scripted(Spec spec, Settings settings) {
        return recorded(spec, Map.of(), settings, vector -> playScript(vector, 60));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void whatWasRecordedReplaysInEveryAutoresetMode(Spec spec) {
        for (Autoreset mode : Autoreset.values()) {
            byte[] bytes = scripted(spec, Settings.DEFAULT.rows(3).autoreset(mode));
            EpisodeFile file = EpisodeFile.of("run.htr", bytes);

            assertThat(file.complete()).isTrue();
            assertThat(file.steps()).isGreaterThan(100);
            assertThat(Replay.verify(file, spec)).as("%s %s", spec, mode).isEmpty();
        }
    }

    @Test
    void theHeaderIsTextForPeople() {
        byte[] bytes = recorded(
                Corridor.SPEC,
                Map.of("length", 5),
                Settings.DEFAULT.rows(2).illegal(IllegalActions.STRICT),
                vector -> vector.reset(5));
        assertThat(new String(bytes, StandardCharsets.UTF_8)).startsWith("""
                        hypertoken episodes 1
                        environment=corridor
                        version=1
                        rows=2
                        autoreset=next_step
                        illegal=strict
                        option.length=5

                        """);
        EpisodeFile file = EpisodeFile.of("run.htr", bytes);
        assertThat(file.environment()).isEqualTo("corridor");
        assertThat(file.options()).isEqualTo(Map.of("length", "5"));
        assertThat(file.episodes()).isEqualTo(2);
        assertThat(file.steps()).isZero();
    }

    @Test
    void theFilesDigestIsTheRunsOwn() {
        byte[] bytes = recorded(Auction.SPEC, Map.of(), Settings.DEFAULT.autoreset(Autoreset.DISABLED), vector -> {
            vector.reset(7);
            var script = new ScriptedActions(7, 1);
            for (int k = 0; k < 40; k++) {
                ScriptedRun.step(vector, script);
            }
        });
        assertThat(EpisodeFile.of("run.htr", bytes).digest())
                .isEqualTo(ScriptedRun.digest(Auction.SPEC, Auction.SPEC.options(Map.of()), Settings.DEFAULT, 7, 40));
    }

    @Test
    void episodeOptionsDrawnSeedsAndPartialResetsAreReplayed() {
        byte[] bytes = recorded(Auction.SPEC, Map.of(), Settings.DEFAULT.rows(3), vector -> {
            vector.reset(null, null, Map.of("opening", 2));
            var script = new ScriptedActions(1, 3);
            for (int k = 0; k < 30; k++) {
                script.choose(vector);
                vector.step();
                if (k % 7 == 3) {
                    vector.reset(new boolean[] {false, true, true}, new long[] {-1, k, -1}, Map.of("opening", k % 5));
                }
            }
        });
        assertThat(Replay.verify(EpisodeFile.of("run.htr", bytes), Auction.SPEC))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = IllegalActions.class,
            names = {"FALLBACK", "TERMINATE"})
    void illegalActionsAreReplayedAsTheyWerePlayed(IllegalActions policy) {
        byte[] bytes = recorded(Gate.SPEC, Map.of(), Settings.DEFAULT.illegal(policy), vector -> {
            vector.reset(1);
            for (int k = 0; k < 12; k++) {
                vector.batch().action(0, k % 3);
                vector.step();
            }
        });
        assertThat(Replay.verify(EpisodeFile.of("run.htr", bytes), Gate.SPEC)).isEmpty();
    }

    @Test
    void anEnvironmentThatBreaksBreaksAgain() {
        byte[] bytes =
                recorded(Fuse.SPEC, Map.of("breaks", "step"), Settings.DEFAULT, vector -> playScript(vector, 20));

        assertThat(Replay.verify(EpisodeFile.of("run.htr", bytes), Fuse.SPEC)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("specs")
    void aReplaySaysAtWhichStepAndFieldItDiverges(Spec spec) {
        EpisodeFile file = EpisodeFile.of("run.htr", scripted(spec, Settings.DEFAULT));

        var divergences = Replay.verify(file, spec.wrapping(FlippedBit.afterStep(4)));

        assertThat(divergences).hasSize(1);
        assertThat(divergences.getFirst().step()).isEqualTo(4);
        assertThat(divergences.getFirst().what())
                .contains("observation of ")
                .containsPattern("was \\S+ and is now \\S+");
    }

    @Test
    void aDivergenceReadsAsASentence() {
        EpisodeFile file = EpisodeFile.of("run.htr", scripted(Corridor.SPEC, Settings.DEFAULT.rows(2)));

        assertThat(Replay.verify(file, Corridor.SPEC.wrapping(FlippedBit.afterStep(2))))
                .extracting(Replay.Divergence::toString)
                .containsExactly(
                        "row 0, step 2: observation of player_0 was 4 and is now 5",
                        "row 1, step 2: observation of player_0 was 3 and is now 2");
    }

    @Test
    void everyDamagedByteIsNoticed() {
        byte[] bytes = recorded(Corridor.SPEC, Map.of(), Settings.DEFAULT, vector -> playScript(vector, 3));
        for (int at = 0; at < bytes.length; at++) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 4;
            assertThat(isWhole(damaged)).as("byte %d", at).isFalse();
        }
    }

    private static boolean isWhole(byte[] bytes) {
        try {
            return EpisodeFile.of("run.htr", bytes).complete();
        } catch (HyperTokenException refused) {
            assertThat(refused).hasMessageStartingWith("refused episode file run.htr; ");
            return false;
        }
    }

    @Test
    void aFileThatWasCutOffHoldsItsWholeRecords() {
        byte[] bytes = scripted(Corridor.SPEC, Settings.DEFAULT);
        for (int length = bytes.length - 1; length > bytes.length - 200; length--) {
            EpisodeFile file = EpisodeFile.of("run.htr", Arrays.copyOf(bytes, length));

            assertThat(file.complete()).isFalse();
            assertThat(file.steps()).isGreaterThan(40);
            assertThat(Replay.verify(file, Corridor.SPEC)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                  | it does not begin with "hypertoken episodes 1"
            hello                               | it does not begin with "hypertoken episodes 1"
            hypertoken episodes 2               | it does not begin with "hypertoken episodes 1"
            """)
    void otherFilesAreRefused(String content, String why) {
        assertThatThrownBy(() -> EpisodeFile.of("notes.txt", content.getBytes(StandardCharsets.UTF_8)))
                .hasMessage("refused episode file notes.txt; " + why
                        + "; record it again with: hypertoken record ENV -o FILE");
    }

    @Test
    void aFileOfAnotherEnvironmentOrVersionIsRefused() {
        EpisodeFile file = EpisodeFile.of("run.htr", scripted(Corridor.SPEC, Settings.DEFAULT));

        assertThatThrownBy(() -> Replay.verify(file, Gate.SPEC))
                .hasMessage("refused episode file run.htr; it is of corridor v1, this is gate v1; "
                        + "record it again with: hypertoken record ENV -o FILE");
    }

    @Test
    void aRowIsResumedFromItsJournalAndGoesOnTheSame() {
        for (Autoreset mode : Autoreset.values()) {
            Settings settings = Settings.DEFAULT.autoreset(mode);
            byte[] bytes = scripted(Auction.SPEC, settings);
            try (var original = VectorEnvironment.open(Auction.SPEC, Auction.SPEC.options(Map.of()), settings);
                    var resumed = Replay.resume(EpisodeFile.of("journal", bytes), Auction.SPEC, 0)) {
                playScript(original, 60);
                var one = new ScriptedActions(9, 1);
                var two = new ScriptedActions(9, 1);
                for (int k = 0; k < 30; k++) {
                    ScriptedRun.step(original, one);
                    ScriptedRun.step(resumed, two);
                    assertThat(resumed.batch().reply().toArray(ValueLayout.JAVA_BYTE))
                            .as("%s, step %d", mode, k)
                            .isEqualTo(original.batch().reply().toArray(ValueLayout.JAVA_BYTE));
                }
            }
        }
    }

    @Test
    void aRowWithoutASeedCannotBeReplayed() {
        byte[] bytes = recorded(Corridor.SPEC, Map.of(), Settings.DEFAULT, vector -> {});
        var late = new ByteArrayOutputStream();
        try (var vector = VectorEnvironment.open(Corridor.SPEC, Corridor.SPEC.options(Map.of()), Settings.DEFAULT)) {
            vector.reset(1);
            var writer = new EpisodeWriter(vector, late);
            TrajectoryRecorder.attach(vector, writer);
            vector.reset(null, null, Map.of());
            writer.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }

        assertThat(EpisodeFile.of("empty.htr", bytes).steps()).isZero();
        assertThatThrownBy(() -> Replay.verify(EpisodeFile.of("late.htr", late.toByteArray()), Corridor.SPEC))
                .hasMessage("refused episode file late.htr; a row begins without a seed; "
                        + "record it again with: hypertoken record ENV -o FILE");
    }
}
