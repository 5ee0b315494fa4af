package io.hypertoken.guests.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import io.hypertoken.check.Conformance;
import io.hypertoken.check.Outcome;
import io.hypertoken.engine.Settings;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.TurnOrder;
import java.io.File;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GymnasiumEnvironmentTest {
    private static final int OPENS = "1".equals(System.getenv("HYPERTOKEN_TEST_FULL")) ? 200 : 8;

    @BeforeAll
    static void python() {
        TestPython.required();
    }

    @Test
    void theShortestWayFromJava() {
        try (var cartPole = GymnasiumEnvironment.make("CartPole-v1", Map.of("sutton_barto_reward", true))) {
            cartPole.reset(7);
            cartPole.batch().action(0, 1);
            cartPole.step();

            assertThat(cartPole.batch().reward(0, 0))
                    .as("Sutton and Barto give 0 while it stands")
                    .isZero();
            assertThat(cartPole.batch().observation(0, 0)).isNotZero();
        }
    }

    @Test
    void aDeclarationTellsWhatPythonTells() {
        var lake = GymnasiumEnvironment.spec("FrozenLake-v1");

        assertThat(lake.id()).isEqualTo("gym:FrozenLake-v1");
        assertThat(lake.version()).isEqualTo(1);
        assertThat(lake.stepLimit()).isEqualTo(100);
        assertThat(lake.rewardThreshold()).hasValue(0.7);
        assertThat(lake.rules()).startsWith("Frozen lake involves crossing a frozen lake");
        assertThat(lake.infoNumbers())
                .singleElement()
                .matches(number -> number.name().equals("prob"));
        assertThat(lake.drawsFrames()).isTrue();
        assertThat(lake.blocking()).isTrue();
        assertThat(lake.signature(lake.options(Map.of("map_name", "8x8")))
                        .observationSpaces()
                        .getFirst()
                        .toString())
                .isEqualTo("Discrete[n=64, start=0]");
        assertThat(GymnasiumEnvironment.spec("Taxi-v4").maskMeaning()).isEqualTo(MaskMeaning.ADVISORY);

        var noughts = PettingZooEnvironment.spec("classic/tictactoe_v3");
        assertThat(noughts.maskMeaning()).isEqualTo(MaskMeaning.BINDING);
        assertThat(noughts.turnOrder()).isEqualTo(TurnOrder.SEQUENTIAL);
        assertThat(PettingZooEnvironment.spec("classic/rps_v2").turnOrder()).isEqualTo(TurnOrder.SIMULTANEOUS);
    }

    @Test
    void whatIsNotThereIsNamedWithWhatIsNear() {
        assertThatThrownBy(() -> GymnasiumEnvironment.spec("CartPoll-v1"))
                .isInstanceOf(HyperTokenException.class)
                .hasMessageStartingWith("there is no environment gym:CartPoll-v1; ")
                .hasMessageContaining("did you mean gym:CartPole-v1");
        assertThatThrownBy(() -> PettingZooEnvironment.spec("classic/tictactow_v3"))
                .hasMessageContaining("PettingZoo has no classic/tictactow_v3");
        assertThatThrownBy(() -> GymnasiumEnvironment.spec("no_such_module:Game-v0"))
                .hasMessageContaining(" -m pip install no_such_module");
        assertThatThrownBy(() -> GymnasiumEnvironment.make("CartPole-v1", Map.of("python", "/no/such/python")))
                .hasMessageContaining("/no/such/python cannot be started");
        assertThatThrownBy(() -> GymnasiumEnvironment.make("CartPole-v1", Map.of("kwargs", "{\"wings\": 2}")))
                .hasMessageContaining("unexpected keyword argument 'wings'");
    }

    @Test
    void resolversAreFoundAndKnowTheRegistries() {
        var resolvers = Catalogue.of(getClass().getClassLoader()).resolvers();

        assertThat(resolvers.get("gym").known()).contains("CartPole-v1", "Taxi-v4");
        assertThat(resolvers.get("pz").known()).contains("classic/tictactoe-v3");
    }

    /// Plain calls of one copy among them.
    @ParameterizedTest
    @ValueSource(strings = {"spaces", "ends", "repeat", "rows", "purity"})
    void aGuestKeepsTheContract(String check) {
        var finding = Conformance.of(GymnasiumEnvironment.spec("CartPole-v1"))
                .steps(40)
                .run(Conformance.check(check));

        assertThat(finding.outcome()).as(finding.toString()).isIn(Outcome.PASSED, Outcome.NOT_APPLICABLE);
    }

    @Test
    void opensAndClosesLeaveNothing() {
        open(2);
        int descriptors = count("/proc/self/fd");
        long children = ProcessHandle.current().children().count();
        for (int k = 0; k < OPENS; k++) {
            open(1 + k % 3);
        }

        Processes.await("descriptors are closed", () -> count("/proc/self/fd") <= descriptors);
        Processes.await(
                "processes end", () -> ProcessHandle.current().children().count() <= children);
        assertThat(Arrays.asList(Objects.requireNonNull(new File("/dev/shm").list())))
                .noneMatch(name -> name.startsWith("ht-"));
    }

    private static void open(int workers) {
        try (var vector =
                GymnasiumEnvironment.makeVec("CartPole-v1", Settings.DEFAULT.rows(3), Map.of("workers", workers))) {
            vector.reset(1);
            vector.step();
        }
    }

    private static int count(String folder) {
        String[] names = new File(folder).list();
        return names == null ? 0 : names.length;
    }
}
