package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.env.Catalogue;
import io.hypertoken.learn.store.JsonFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TrainCommandTest extends CommandTest {
    @TempDir
    Path folder;

    @Test
    void aPolicyIsTrainedListedComparedEvaluatedAndPlayed() {
        String a = folder.resolve("a").toString();
        String b = folder.resolve("b").toString();
        assertThat(train("cartpole", "--out", a, "--total-steps", "2000", "--learning-rate", "0.01"))
                .isZero();
        assertThat(out())
                .contains("training CartPole-v1 for 2,000 steps in " + a)
                .containsPattern("trained after 2,048 steps, .* s: return .* steps/s")
                .containsPattern("mean return \\d+\\.\\d\\d \\+/- \\d+\\.\\d\\d over 5 fresh episodes")
                .contains("policy in " + a);
        assertThat(train("cartpole", "--out", b, "--total-steps", "2000", "--hidden", "16", "--seed", "2"))
                .isZero();

        assertThat(run("runs", "--in", folder.toString())).isZero();
        assertThat(out()).contains("ENVIRONMENT", "CartPole-v1").contains(a, b);
        assertThat(run("runs", a, b)).isZero();
        assertThat(out())
                .containsPattern("hidden +32,32 +16")
                .containsPattern("learning_rate +0.01 +0.004")
                .containsPattern("seed +1 +2")
                .doesNotContain("gamma");

        assertThat(run("eval", "cartpole", "--policy", a + "/policy", "--episodes", "5"))
                .isZero();
        assertThat(out()).containsPattern("mean return \\d.* ± \\d.* \\(95 %\\), deviation .*, 5 episodes");
        assertThat(run("play", "cartpole", "--policy", a + "/policy")).isZero();
        assertThat(run(
                        "run",
                        "cartpole",
                        "--policy",
                        "policy:" + a + "/policy",
                        "--speed",
                        "0",
                        "--episodes",
                        "1",
                        "--events-port",
                        "0"))
                .isZero();
    }

    @Test
    void aRunGoesOnFromItsCheckpointWithMoreSteps() {
        String run = folder.resolve("a").toString();
        train("cartpole", "--out", run, "--total-steps", "2000");

        assertThat(run("train", "--resume", run, "--total-steps", "4000", "--eval-episodes", "0", "--events", "none"))
                .isZero();

        assertThat(out()).contains("trained after 4,096 steps");
        assertThat(JsonFile.read(Path.of(run, "config.json"))).containsEntry("total_steps", 4_000L);
    }

    @Test
    void selfPlayMeetsRandomPlayersInEverySeat() {
        String run = folder.resolve("a").toString();

        assertThat(train("tic-tac-toe", "--self-play", "--out", run, "--total-steps", "3000", "--envs", "16"))
                .isZero();

        assertThat(out()).contains("player_1 against random: mean return", "player_2 against random: mean return");
        assertThat(JsonFile.read(Path.of(run, "config.json"))
                        .get("hyperparameters")
                        .toString())
                .contains("opponents=self", "envs=16");
        assertThat(run("eval", "tic-tac-toe", "--policy", run + "/policy", "--policy", "random", "--episodes", "10"))
                .isZero();
        assertThat(out()).contains("against random: won", "10 episodes");
    }

    @Test
    void selfPlayIsAgainstPastSelvesWhereNobodyKnowsBetter() {
        Path run = folder.resolve("a");

        train("iterated-prisoners-dilemma", "--self-play", "--out", run.toString(), "--total-steps", "512");

        assertThat(JsonFile.read(run.resolve("config.json"))
                        .get("hyperparameters")
                        .toString())
                .contains("opponents=pool");
    }

    @Test
    void eachSeatsPolicyHasAFolderOfItsOwn() {
        Path run = folder.resolve("a");

        train("tic-tac-toe", "--opponents", "each", "--out", run.toString(), "--total-steps", "2000", "--envs", "16");

        assertThat(run.resolve("policy/player_1/policy.json")).exists();
        assertThat(run.resolve("policy/player_2/policy.safetensors")).exists();
    }

    @Test
    void whatIsNotUnderstoodIsToldWithTheNearestAndLeavesNoFolder() {
        assertThat(train("cartpole", "--out", folder.resolve("a").toString(), "--learnin-rate", "1"))
                .isEqualTo(2);
        assertThat(err()).contains("unknown option --learnin-rate", "did you mean --learning-rate?");
        assertThat(train("cartpole", "--out", folder.resolve("a").toString(), "--gamma", "2"))
                .isEqualTo(1);
        assertThat(err()).contains("gamma must be a number from 0.0 to 1.0");
        assertThat(run("train")).isEqualTo(2);
        assertThat(run("train", "--resume", folder.toString())).isEqualTo(1);
        assertThat(Files.exists(folder.resolve("a"))).isFalse();
    }

    @Test
    void aHubHearsHowTrainingGoes() throws Exception {
        try (var hub =
                new HubOptions().startHere(0, "--port", Catalogue.of(getClass().getClassLoader()))) {
            String url = HubAddress.page(hub.url());

            assertThat(run(
                            "train",
                            "cartpole",
                            "--out",
                            folder.resolve("a").toString(),
                            "--total-steps",
                            "2000",
                            "--eval-episodes",
                            "0",
                            "--events",
                            url))
                    .isZero();

            assertThat(HubAddress.of(url).get("/state").toString())
                    .contains("training_progress", "steps_per_second", "explained_variance");
        }
    }

    private int train(String... more) {
        String[] words = new String[more.length + 5];
        words[0] = "train";
        System.arraycopy(more, 0, words, 1, more.length);
        words[more.length + 1] = "--eval-episodes";
        words[more.length + 2] = "5";
        words[more.length + 3] = "--events";
        words[more.length + 4] = "none";
        return run(words);
    }
}
