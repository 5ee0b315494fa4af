package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class FlipperCommandTest extends CommandTest {
    @TempDir
    Path folder;

    @Test
    void anAgentIsTrainedThenPlaysAndItsPolicyPlaysAgain() {
        String run = folder.resolve("run").toString();

        assertThat(run(
                        "flipper",
                        "--train",
                        "--train-steps",
                        "8000",
                        "--out",
                        run,
                        "--port",
                        "0",
                        "--speed",
                        "60",
                        "--seed",
                        "3",
                        "--demo-seconds",
                        "2"))
                .isZero();
        assertThat(out())
                .contains("HyperToken events at http://", "training grand-exchange for 8,000 steps in " + run)
                .containsPattern("trained after 8,192 steps, .* steps/s")
                .contains("play it again without training: hypertoken flipper --policy " + run)
                .containsPattern("grand-exchange: agent_0 policy:\\S+, agent_1 spread-catcher-tuned")
                .containsPattern("agent_decision +agent_0 .*reasoning=\\w+.* \\d+ %, .*choices=\\[\\{action_type:")
                .doesNotContain("agent_decision      agent_1");
        assertThat(folder.resolve("run/policy/policy.json")).exists();

        assertThat(run("flipper", "--policy", run, "--port", "0", "--speed", "0", "--seed", "3", "--demo-seconds", "1"))
                .isZero();
        assertThat(out()).doesNotContain("training").containsPattern("agent_0 policy:\\S+policy, agent_1");
    }

    @Test
    void aTraderIsHeldAgainstTheOthersInPairs() {
        String run = folder.resolve("run").toString();
        run(
                "train",
                "exchange",
                "--out",
                run,
                "--total-steps",
                "1000",
                "--envs",
                "8",
                "--steps",
                "32",
                "--windows",
                "60",
                "--eval-episodes",
                "0",
                "--events",
                "none");

        assertThat(run(
                        "bench",
                        "exchange",
                        "--items",
                        "8",
                        "--noise",
                        "1",
                        "--seeds",
                        "32",
                        "--windows",
                        "40",
                        "--policy",
                        "hold,spread-catcher",
                        "--policy",
                        run))
                .isZero();

        assertThat(out())
                .containsPattern("hold +8 +1.00 +0.00 +0.00 +32")
                .containsPattern("run - hold +8 +1.00 +-?\\d+\\.\\d\\d +\\d+\\.\\d\\d +32")
                .containsPattern("run - spread-catcher +8 +1.00");
    }

    @Test
    void whatCannotBeIsRefusedBeforeAnythingStarts() {
        assertThat(run("flipper", "--train", "--policy", folder.toString())).isEqualTo(2);
        assertThat(err()).contains("--train makes a new policy and --policy plays an old one");
        assertThat(run("flipper", "--policy", folder.resolve("nowhere").toString(), "--port", "0"))
                .isEqualTo(1);
        assertThat(err()).contains("nowhere");
        assertThat(out()).isEmpty();
        assertThat(Files.exists(Path.of("runs"))).isFalse();
    }
}
