package io.hypertoken.engine;

import static io.hypertoken.engine.Vectors.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.fixture.Dials;
import io.hypertoken.fixture.Duel;
import io.hypertoken.fixture.Mixer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActionSpacesTest {
    private static VectorEnvironment mixer() {
        var mixer = open(Mixer.SPEC, Settings.DEFAULT);
        mixer.reset(0);
        return mixer;
    }

    @Test
    void everyLeafOfADictActionReachesTheEnvironmentAndEveryLeafOfItsObservationComesBack() {
        try (var mixer = mixer()) {
            Batch batch = mixer.batch();
            batch.action(0, 0, 0, 0, -1.5);
            batch.action(0, 0, 0, 1, 0.25);
            batch.action(0, 0, 1, 0, 2);
            batch.action(0, 0, 2, 0, 1);
            batch.action(0, 0, 2, 1, 3);
            batch.action(0, 0, 3, 1, 0);
            batch.action(0, 0, 4, 0, -5);
            mixer.step();

            assertThat(batch.observation(0, 0, 0, 0)).isEqualTo(-1.5);
            assertThat(batch.observation(0, 0, 0, 1)).isEqualTo(0.25);
            assertThat(batch.observation(0, 0, 1, 0)).isEqualTo(1);
            assertThat(batch.observation(0, 0, 1, 1)).isEqualTo(1);
            assertThat(batch.observation(0, 0, 1, 2)).isZero();
            assertThat(batch.observation(0, 0, 2, 0)).isEqualTo(203);
            assertThat(batch.observation(0, 0, 3, 0)).isEqualTo(-295);
            assertThat(batch.reward(0, 0)).isEqualTo(-1.5);
            assertThat(batch.maskSize()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, NaN, faders[0]=NaN",
        "0, 1, Infinity, faders[1]=Infinity",
        "1, 0, 3, knobs.0=3",
        "2, 1, 4, knobs.1[1]=4",
        "2, 0, -1, knobs.1[0]=-1",
        "3, 0, 2, knobs.2[0]=2",
    })
    void aLeafOutsideItsPartIsNamedInTheRefusal(int leaf, int k, double value, String named) {
        try (var mixer = mixer()) {
            byte[] before = Vectors.reply(mixer);
            mixer.batch().action(0, 0, leaf, k, value);

            assertThatThrownBy(mixer::step)
                    .hasMessageStartingWith("mixer refused action " + named + " of player_0; it is not in the action "
                            + "space DictSpace[")
                    .hasMessageEndingWith("; send a value of the space for each part");
            assertThat(Vectors.reply(mixer)).isEqualTo(before);
        }
    }

    @Test
    void aFiniteBoxValueBeyondItsBoundsIsLeftToTheRules() {
        try (var mixer = mixer()) {
            mixer.batch().action(0, 0, 0, 0, 1000);
            mixer.step();
            assertThat(mixer.batch().observation(0, 0, 0, 0)).isEqualTo(1000);
        }
    }

    @Test
    void aMultiDiscreteElementOutsideItsDimensionIsRefused() {
        try (var dials = open(Dials.SPEC, Settings.DEFAULT)) {
            dials.reset(0);
            dials.batch().action(0, 0, 0, 0, 1);
            dials.batch().action(0, 0, 0, 1, 5);

            assertThatThrownBy(dials::step)
                    .hasMessage("dials refused action 5 of player_0; it is not in the action space "
                            + "MultiDiscrete[nvec=[3, 5]]; send 2 integers, each below its entry in [3, 5]");
        }
    }

    @Test
    void agentsOfDifferentActionSpacesAreCheckedEachByItsOwn() {
        try (var duel = open(Duel.SPEC, Settings.DEFAULT)) {
            duel.reset(0);
            duel.batch().action(0, 0, 3);
            duel.batch().action(0, 1, 4);
            assertThatThrownBy(duel::step)
                    .hasMessage("duel refused action 4 of dwarf; it is not in the action space "
                            + "Discrete[n=2, start=5]; send an integer from 5 to 6");

            duel.batch().action(0, 1, 7);
            assertThatThrownBy(duel::step).hasMessageStartingWith("duel refused action 7 of dwarf");
        }
    }

    @Test
    void theMaskOfTheSmallerSpaceIsPaddedWithForbidden() {
        try (var duel = open(Duel.SPEC, Settings.DEFAULT)) {
            duel.reset(0);

            assertThat(duel.batch().maskSize()).isEqualTo(4);
            for (int k = 0; k < 4; k++) {
                assertThat(duel.batch().allowed(0, 0, k)).isTrue();
                assertThat(duel.batch().allowed(0, 1, k)).isEqualTo(k < 2);
            }
        }
    }

    @Test
    void aDeadAgentsActionIsNotReadAndTheOthersPlayOn() {
        try (var duel = open(Duel.SPEC, Settings.DEFAULT)) {
            duel.reset(0);
            int steps = 0;
            while (duel.batch().alive(0, 0) && duel.batch().alive(0, 1)) {
                duel.batch().action(0, 0, 0);
                duel.batch().action(0, 1, 6);
                duel.step();
                steps++;
            }
            int dead = duel.batch().alive(0, 0) ? 1 : 0;
            assertThat(duel.batch().terminated(0, dead)).isTrue();
            assertThat(duel.batch().turn(0)).isEqualTo(-1);
            assertThat(duel.over(0)).isFalse();
            duel.batch().action(0, dead, 99);
            duel.batch().action(0, 1 - dead, dead == 0 ? 6 : 0);
            duel.step();

            assertThat(duel.batch().episodeLength(0)).isEqualTo(steps + 1);
            assertThat(duel.batch().terminated(0, dead))
                    .as("set only where it happened")
                    .isFalse();
            assertThat(duel.batch().reward(0, dead)).isZero();
        }
    }
}
