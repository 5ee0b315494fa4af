package io.hypertoken.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.check.FlippedBit;
import io.hypertoken.engine.Settings;
import io.hypertoken.env.Spec;
import io.hypertoken.fixture.Auction;
import io.hypertoken.fixture.Corridor;
import io.hypertoken.fixture.Dials;
import io.hypertoken.fixture.Duel;
import io.hypertoken.fixture.Mixer;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlaythroughTest {
    static Stream<Spec> specs() {
        return Stream.of(Corridor.SPEC, Auction.SPEC, Duel.SPEC, Mixer.SPEC, Dials.SPEC);
    }

    private static Playthrough play(Spec spec, long seed) {
        return Playthrough.play(spec, spec.options(Map.of()), seed);
    }

    @Test
    void otherOptionsStandInTheTitleAndAreReplayed() {
        var spec = Corridor.SPEC;
        var read = Playthrough.read(
                Playthrough.play(spec, spec.options(Map.of("length", 5)), 3).toString());

        assertThat(read.toString()).startsWith("corridor v1 seed=3 length=5 | observes Discrete(5) |");
        assertThat(read.title()).isEqualTo(new Playthrough.Title("corridor", 1, 3, Map.of("length", "5")));
        assertThat(read.replay(spec)).isEmpty();
    }

    @Test
    void anEnvironmentOfOneAgentReadsAsOneLineAStep() {
        assertThat(play(Corridor.SPEC, 3).toString()).startsWith("""
                        corridor v1 seed=3 | observes Discrete(8) | acts Discrete(2) left right | fallback right | \
                        whole rewards | limit 64
                        option length: an integer from 2 to 64, default 8
                        option start: an integer from -1 to 62, default -1, with a reset
                        # reset
                          W at 5
                        observation 5   mask 11
                        # step 1: right (1)
                          W at 6
                        observation 6   mask 11   reward -1   terminated no   truncated no
                        # step 2: left (0)
                          W at 5
                        observation 5   mask 11   reward -1   terminated no   truncated no
                        """).contains("""
                        # step 12: right (1)
                          W at 7
                        last observation 7   reward -1   terminated yes   truncated no
                        # reset
                          W at 0
                        observation 0   mask 01
                        """);
    }

    @Test
    void aTurnGameNamesWhoActsAndDrawsTheState() {
        assertThat(play(Auction.SPEC, 3).toString())
                .startsWith("""
                        auction v2 seed=3 | agents ann bob cid in turn | observes Box(0, 30, (3), float32) | \
                        acts Discrete(3) raise leave skip | fallback leave | limit 50
                        option purse: an integer from 1 to 20, default 4
                        option opening: an integer from 0 to 5, default 0, with a reset
                        # reset
                          price 0
                          left  [false, false, false]
                        turn ann
                        ann observation 0 3 0.085649\
                        """)
                .containsPattern("# step \\d+: (ann|bob|cid) leave \\(1\\)\n")
                .containsPattern("(ann|bob|cid) last observation \\d 2 ");
    }

    @Test
    void aSimultaneousGameTellsEveryAction() {
        assertThat(play(Duel.SPEC, 3).toString())
                .containsPattern("# step 1: giant \\([0-3]\\), dwarf \\([56]\\)\n")
                .contains("turn all");
    }

    @ParameterizedTest
    @MethodSource("specs")
    void itsOwnReplayFindsNothing(Spec spec) {
        var read = Playthrough.read(play(spec, 7).toString());

        assertThat(read.title()).isEqualTo(new Playthrough.Title(spec.id(), spec.version(), 7, Map.of()));
        assertThat(read.replay(spec)).isEmpty();
        assertThat(read.digest())
                .isEqualTo(ScriptedRun.digest(spec, spec.options(Map.of()), Settings.DEFAULT, 7, 10_000));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void oneFlippedBitInOneObservationIsFoundByTranscriptAndDigest(Spec spec) {
        var sound = play(spec, 7);

        var early = sound.replay(spec.wrapping(FlippedBit.afterStep(6)));
        assertThat(early).as("the step's line and the digest").hasSizeGreaterThanOrEqualTo(2);
        assertThat(early.getFirst().stands()).contains("observation");

        var late = sound.replay(spec.wrapping(FlippedBit.afterStep(9_999)));
        assertThat(late).as("beyond the transcript only the digest sees it").hasSize(1);
        assertThat(late.getFirst().stands()).startsWith("digest of 10,000 steps: sha256 ");
    }

    @Test
    void anActionThatIsNowRefusedIsADifference() {
        var longer = Playthrough.read(play(Dials.SPEC, 7).toString().replaceFirst("\\(\\d \\d\\)", "(0 9)"));

        assertThat(longer.replay(Dials.SPEC).getFirst().found())
                .isEqualTo("# step 1 is refused: dials refused action 9 of player_0; it is not in the action space "
                        + "MultiDiscrete[nvec=[3, 5]]; send 2 integers, each below its entry in [3, 5]");
    }

    @Test
    void otherTextIsNoPlaythrough() {
        assertThatThrownBy(() -> Playthrough.read("hello\n"))
                .hasMessage(
                        "this is no playthrough; its first line should be like \"corridor v1 seed=3 | observes …\"; "
                                + "write one with: hypertoken golden update ENV");
    }
}
