package io.hypertoken.engine;

import static io.hypertoken.engine.Vectors.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.env.Spec;
import io.hypertoken.fixture.Auction;
import io.hypertoken.fixture.Duel;
import io.hypertoken.random.Generator;
import io.hypertoken.space.Discrete;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AecViewTest {
    private static final Settings TURNS = Settings.DEFAULT.autoreset(Autoreset.DISABLED);
    private static final int LEAVE = 1;

    private enum Game {
        AUCTION(Auction.SPEC),
        DUEL(Duel.SPEC);

        private final Spec spec;

        Game(Spec spec) {
            this.spec = spec;
        }
    }

    private static AecView begin(VectorEnvironment vector, long seed) {
        var view = new AecView(vector);
        view.reset(seed, Map.of());
        return view;
    }

    private static void play(AecView view, long action) {
        if (view.isDead(view.selection())) {
            view.deadStep();
        } else {
            view.batch.action(0, view.selection(), action);
            view.step();
        }
    }

    private static long legal(AecView view, Generator random) {
        int agent = view.selection();
        var legal = new ArrayList<Long>();
        int start = ((Discrete) view.batch.signature().actionSpaces().get(agent)).start();
        for (int k = 0; k < view.batch.signature().actionSpaces().get(agent).maskSize(); k++) {
            if (view.batch.allowed(0, agent, k)) {
                legal.add((long) k + start);
            }
        }
        return legal.get(random.integers(legal.size()));
    }

    @ParameterizedTest
    @EnumSource(Game.class)
    void everyStepOfEveryEpisodeIsAsPettingZooKeepsIt(Game game) {
        boolean simultaneous = game == Game.DUEL;
        var random = Generator.seeded(7);
        int deadSteps = 0;
        for (long seed = 0; seed < 200; seed++) {
            try (var vector = open(game.spec, TURNS);
                    var other = open(game.spec, TURNS)) {
                AecView view = begin(vector, seed);
                var expected = new PettingZooCycle(other, simultaneous);
                expected.reset(seed);
                while (view.selection() != AecView.NOBODY) {
                    assertSame(view, expected);
                    boolean dead = view.isDead(view.selection());
                    deadSteps += dead ? 1 : 0;
                    Long action = dead ? null : (Long) legal(view, random);
                    expected.step(action);
                    play(view, action == null ? 0 : action);
                }
                assertThat(expected.agents).isEmpty();
                assertThat(view.isOver()).isTrue();
            }
        }
        assertThat(deadSteps)
                .as("each agent of each episode makes its dead step")
                .isEqualTo(200 * agents(game));
    }

    private static int agents(Game game) {
        return game == Game.DUEL ? 2 : 3;
    }

    private static void assertSame(AecView view, PettingZooCycle expected) {
        assertThat(view.selection()).isEqualTo(expected.agentSelection);
        List<Integer> present = new ArrayList<>();
        for (int agent = 0; agent < view.agents; agent++) {
            if (view.isPresent(agent)) {
                present.add(agent);
                assertThat(view.terminated(agent)).isEqualTo(expected.terminations.get(agent));
                assertThat(view.truncated(agent)).isEqualTo(expected.truncations.get(agent));
            }
        }
        assertThat(present).isEqualTo(expected.agents);
        assertThat(view.cumulativeReward(view.selection()))
                .as("what last() tells the selected agent")
                .isEqualTo(expected.cumulativeRewards.get(view.selection()));
    }

    @Test
    void nobodySeesAnEarlierChoiceOfASimultaneousRound() {
        try (var vector = open(Duel.SPEC, TURNS)) {
            AecView view = begin(vector, 1);
            byte[] before = Vectors.reply(vector);

            play(view, 2);

            assertThat(view.selection()).isEqualTo(1);
            assertThat(Vectors.reply(vector)).isEqualTo(before);
            assertThat(view.reward(0)).isZero();
            play(view, 5);
            assertThat(view.selection()).isZero();
            assertThat(view.reward(0)).isEqualTo(2);
            assertThat(view.reward(1)).isEqualTo(-2);
        }
    }

    @ParameterizedTest
    @EnumSource(Game.class)
    void aRefusedActionChangesNothing(Game game) {
        try (var vector = open(game.spec, TURNS)) {
            AecView view = begin(vector, 1);
            play(view, 0);
            byte[] before = view.snapshot();
            double own = view.batch.action(0, view.selection(), 0, 0);

            vector.batch().action(0, view.selection(), 99);
            assertThatThrownBy(view::step).hasMessageContaining("refused action 99");

            vector.batch().action(0, view.selection(), 0, 0, own);
            assertThat(view.snapshot()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource(Game.class)
    void aRestoredViewGoesOnExactlyAsTheOneItWasSavedFrom(Game game) {
        var random = Generator.seeded(3);
        for (int turns = 0; turns < 12; turns++) {
            try (var vector = open(game.spec, TURNS);
                    var other = open(game.spec, TURNS)) {
                AecView view = begin(vector, turns);
                for (int k = 0; k < turns && view.selection() != AecView.NOBODY; k++) {
                    play(view, view.isDead(view.selection()) ? 0 : legal(view, random));
                }
                var restored = new AecView(other);
                restored.restore(view.snapshot());

                assertThat(restored.snapshot()).isEqualTo(view.snapshot());
                while (view.selection() != AecView.NOBODY) {
                    assertThat(restored.selection()).isEqualTo(view.selection());
                    long action = view.isDead(view.selection()) ? 0 : legal(view, random);
                    play(view, action);
                    play(restored, action);
                    assertThat(restored.snapshot()).isEqualTo(view.snapshot());
                }
            }
        }
    }

    @Test
    void aDamagedSnapshotIsRefusedWhateverByteIsWrong() {
        try (var vector = open(Duel.SPEC, TURNS)) {
            AecView view = begin(vector, 1);
            play(view, 1);
            byte[] good = view.snapshot();

            for (int at = 0; at < good.length; at++) {
                byte[] damaged = good.clone();
                damaged[at] ^= 1;
                assertThatThrownBy(() -> view.restore(damaged))
                        .hasMessageStartingWith("refused a snapshot; ")
                        .hasMessageEndingWith("pass one taken from the same environment, version and options");
                assertThat(view.snapshot()).isEqualTo(good);
            }
            assertThatThrownBy(() -> view.restore(new byte[3]))
                    .hasMessage("refused a snapshot; it ends too early; "
                            + "pass one taken from the same environment, version and options");
        }
    }

    @Test
    void allActingAtOnceIsTheParallelMeaning() {
        try (var vector = open(Duel.SPEC, TURNS)) {
            AecView view = begin(vector, 4);
            while (!view.isOver()) {
                for (int agent = 0; agent < 2; agent++) {
                    if (view.isPresent(agent)) {
                        vector.batch().action(0, agent, agent == 0 ? 2 : 5);
                    }
                }
                view.stepAll();
                for (int agent = 0; agent < 2; agent++) {
                    assertThat(view.isPresent(agent)).isEqualTo(vector.batch().alive(0, agent));
                }
            }
            assertThat(view.selection()).as("nobody owes a dead step").isEqualTo(AecView.NOBODY);
            assertThatThrownBy(view::stepAll)
                    .hasMessage("cannot step duel; its episode is over and autoreset is disabled; reset it first");
        }
    }

    @Test
    void whatAnAgentWasToldIsKeptUntilItActsAgain() {
        try (var vector = open(Auction.SPEC, TURNS, Map.of("purse", 1))) {
            AecView view = begin(vector, 1);
            int first = view.selection();
            play(view, 0);
            int second = view.selection();
            play(view, 0);

            assertThat(view.info(second))
                    .as("the price has reached the purse: raising is illegal, and leaving is played")
                    .containsEntry("illegal_action", true)
                    .containsEntry("played", (long) LEAVE);
            assertThat(view.info(first)).isEmpty();
            assertThat(view.selection()).isEqualTo(second);
            assertThat(view.isDead(second)).isTrue();
        }
    }

    @Test
    void anotherAgentsViewIsShownOnDemandAndAnEndedOnesStays() {
        try (var vector = open(Auction.SPEC, TURNS)) {
            AecView view = begin(vector, 1);
            int first = view.selection();
            play(view, 0);
            view.observe(first);
            assertThat(vector.batch().observation(0, first, 0, 0)).isEqualTo(1);

            int second = view.selection();
            play(view, LEAVE);
            view.deadStep();
            play(view, 0);
            view.observe(second);

            assertThat(vector.batch().observation(0, second, 0, 0))
                    .as("the price when it left")
                    .isEqualTo(1);
        }
    }

    @Test
    void beforeTheFirstResetNobodyIsThere() {
        try (var vector = open(Auction.SPEC, TURNS)) {
            var view = new AecView(vector);

            assertThat(view.selection()).isEqualTo(AecView.NOBODY);
            assertThat(view.isPresent(0)).isFalse();
            assertThatThrownBy(view::step)
                    .hasMessage("auction has not been reset; an episode begins with a reset; reset it first");
        }
    }

    @Test
    void rowsThatResetThemselvesHaveNoTurns() {
        try (var vector = open(Auction.SPEC, Settings.DEFAULT)) {
            assertThatThrownBy(() -> new AecView(vector))
                    .hasMessage("cannot play turns on 1 rows with autoreset next_step; turns are those of one row that "
                            + "is reset by its caller; open one row with autoreset disabled, or step batches");
        }
    }
}
