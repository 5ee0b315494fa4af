package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.json.JsonMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `tournament`, `eval` and `runs`: what they tell of policies and runs, whole and broken.
@Timeout(60)
class TournamentCommandTest extends CommandTest {
    @TempDir
    Path folder;

    @Test
    void eachMeetsEachAndTheStrongestIsNamedFirst() {
        assertThat(run(
                        "tournament",
                        "casino-blackjack",
                        "random",
                        "--agents",
                        "2",
                        "basic-strategy",
                        "--episodes",
                        "400"))
                .isZero();

        assertThat(out())
                .containsPattern("1\\. +basic-strategy +1[5-9]\\d\\d +1\\d\\d\\d … 1\\d\\d\\d +0\\.")
                .containsPattern("2\\. +random +1[34]\\d\\d ")
                .containsPattern("random +against basic-strategy +0\\.[0-4]\\d\\d +± 0\\.0")
                .contains("400 episodes a match, of the same seeds from 1000000007 on, each played twice");
    }

    @Test
    void aSingleAgentsPoliciesAreRankedByWhatTheyEarnInTheSameEpisodes() {
        assertThat(run(
                        "tournament",
                        "casino-blackjack",
                        "mimic-dealer",
                        "basic-strategy",
                        "--policy",
                        "random",
                        "--episodes",
                        "600",
                        "--seed",
                        "5",
                        "--json"))
                .isZero();

        Map<String, @Nullable Object> told = json();
        assertThat(told).containsEntry("environment", "casino-blackjack").containsEntry("seed", 5L);
        assertThat(told.get("ranking"))
                .asInstanceOf(InstanceOfAssertFactories.list(Map.class))
                .hasSize(3)
                .last()
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("policy", "random")
                .containsKeys("mean_return", "interval_95", "behind_first", "behind_interval_95");
    }

    @Test
    void policiesPlayWithTheOptionsThatTheyWereTrainedWith() {
        String firm = trainedOnTheLake("firm", "--is_slippery", "false");
        String slippery = trainedOnTheLake("slippery", "--is_slippery", "true");

        assertThat(run("eval", "FrozenLake-v1", "--policy", firm, "--episodes", "5", "--json"))
                .isZero();
        assertThat(json().get("options"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("is_slippery", false);
        assertThat(run("eval", "FrozenLake-v1", "--policy", firm, "--episodes", "5", "--json", "--is_slippery"))
                .isZero();
        assertThat(json().get("options"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("is_slippery", true);

        assertThat(run("tournament", "FrozenLake-v1", firm, slippery, "--episodes", "5"))
                .isEqualTo(1);
        assertThat(err())
                .contains("they were trained with is_slippery false and true")
                .contains("--is_slippery false");
        assertThat(run("tournament", "FrozenLake-v1", firm, slippery, "--episodes", "5", "--is_slippery", "false"))
                .isZero();
    }

    private String trainedOnTheLake(String name, String... options) {
        String run = folder.resolve(name).toString();
        String[] command = {
            "train",
            "FrozenLake-v1",
            "--total-steps",
            "512",
            "--envs",
            "8",
            "--steps",
            "32",
            "--minibatch-size",
            "64",
            "--eval-episodes",
            "0",
            "--events",
            "none",
            "--out",
            run
        };
        assertThat(run(Stream.of(command, options).flatMap(Stream::of).toArray(String[]::new)))
                .isZero();
        return run;
    }

    @Test
    void twoAreComparedByEvalInJsonToo() {
        assertThat(run("eval", "tic-tac-toe", "--policy", "random", "--policy", "random", "--episodes", "20", "--json"))
                .isZero();
        assertThat(json()).containsEntry("episodes", 20L).containsKeys("won", "lost", "score", "interval_95");
        assertThat(run("eval", "casino-blackjack", "--policy", "basic-strategy", "--episodes", "20", "--json"))
                .isZero();
        assertThat(json()).containsKeys("policy", "agents", "episodes");
    }

    @Test
    void whoIsMistypedIsToldTheNearest() throws IOException {
        Files.createDirectories(folder.resolve("runs").resolve("cartpole"));

        assertThat(run("eval", "cartpole", "--policy", "randm")).isEqualTo(1);
        assertThat(err()).contains("did you mean random?");
        assertThat(run("eval", "cartpole", "--policy", folder + "/runs/cartpol/policy"))
                .isEqualTo(1);
        assertThat(err()).contains("there is no such folder or file; did you mean " + folder + "/runs/cartpole?");
        assertThat(run("tournament", "cartpole", "random")).isEqualTo(2);
        assertThat(err()).contains("needs two policies or more");
        assertThat(run("tournament", "cartpole", "random", "random")).isEqualTo(2);
        assertThat(err()).contains("somebody is named twice");
        assertThat(run("tournament", "cartpole", "random", "--episods", "3")).isEqualTo(2);
        assertThat(err()).contains("did you mean --episodes?");
        assertThat(run("eval", "cartpole", "--policy", "random", "--policy", "x"))
                .isEqualTo(2);
        assertThat(err()).contains("hypertoken tournament ranks any number");
    }

    @Test
    void whoCannotPlayOnAClusterIsRefusedBeforeOneIsAsked() {
        assertThat(run("eval", "casino-blackjack", "--policy", "basic-strategy", "--ray", "2"))
                .isEqualTo(1);
        assertThat(err())
                .contains("casino-blackjack refused policy basic-strategy with --ray; it is not in a folder, and actors"
                        + " of Ray play those and random; leave --ray out, or name a folder");
        assertThat(run("tournament", "casino-blackjack", "random", "basic-stratgy", "--ray", "2"))
                .isEqualTo(1);
        assertThat(err()).contains("did you mean basic-strategy?");
        assertThat(run("eval", "cartpole", "--policy", "random", "--ray", "0")).isEqualTo(2);
        assertThat(err()).contains("--ray");
    }

    @Test
    void brokenEmptyAndUnfinishedRunsAreListedWithTheReason() throws IOException {
        String config = "{\"environment\":{\"id\":\"CartPole-v1\",\"options\":{}},\"seed\":1,\"total_steps\":9}";
        write("whole/config.json", config);
        write("whole/metrics.jsonl", "{\"step\":64,\"return\":21.5}\n{\"step\":128,\"return\":2");
        write("unfinished/config.json", config);
        write("empty/config.json", config);
        write("empty/metrics.jsonl", "");
        write("broken/config.json", "{\"environ");
        write("garbled/config.json", config);
        write("garbled/metrics.jsonl", "{nothing}\n");
        write("headless/metrics.jsonl", "{\"step\":64}\n");

        assertThat(run("runs", "--in", folder.toString())).isZero();

        assertThat(out())
                .containsPattern("CartPole-v1 +21.50 +- +64 +- +.*whole")
                .contains(folder + "/unfinished  (it has told nothing yet)")
                .contains(folder + "/empty  (it has told nothing yet)")
                .contains(folder + "/broken  (config.json cannot be read)")
                .contains(folder + "/garbled  (metrics.jsonl cannot be read)")
                .contains(folder + "/headless  (no run: there is no config.json)");
        assertThat(run("runs", folder + "/whole", folder + "/nowhere")).isZero();
        assertThat(out()).contains(folder + "/nowhere  (there is no such folder)");
        assertThat(run("runs", "--in", folder.toString(), "--json")).isZero();
        assertThat(json().get("runs"))
                .asInstanceOf(InstanceOfAssertFactories.list(Map.class))
                .hasSize(6)
                .extracting(each -> String.valueOf(each.get("trouble")))
                .contains("null", "config.json cannot be read");
        assertThat(run("runs", "--in", folder + "/nowhere")).isZero();
        assertThat(out()).contains("no runs in");
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Map<String, @Nullable Object> json() {
        List<String> lines = out().lines().toList();
        assertThat(lines).hasSize(1);
        return JsonMessage.read(lines.getFirst().getBytes(StandardCharsets.UTF_8));
    }
}
