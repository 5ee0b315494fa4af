package io.hypertoken.learn.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.ErrorCode;
import io.hypertoken.HyperTokenException;
import io.hypertoken.learn.policy.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How Python is asked and ended; that it plays the same is tested in Python, on a cluster.
@Timeout(60)
class RayContestTest {
    private static final Pool POOL = Pool.of("tic-tac-toe", Map.of(), List.of(), 2, 40);
    private static final String READY = "read pool; echo '{\"ready\": 2}'\n";

    @TempDir
    Path folder;

    @Test
    void eachActorGetsSeveralGroupsAndNoGroupIsTooLarge() {
        assertThat(POOL.rows()).isEqualTo(5);
        assertThat(Pool.of("x", Map.of(), List.of(), 8, 3).rows()).isEqualTo(1);
        assertThat(Pool.of("x", Map.of(), List.of(), 2, 1_000_000).rows()).isEqualTo(512);
    }

    @Test
    void whatIsAskedIsAnsweredAndEndedEpisodesAreCounted() throws IOException {
        Path python = script("echo \"warned\" >&2\n" + READY
                + "while read -r asked; do printf '%s\\n' \"$asked\" >> " + folder.resolve("asked") + "\n"
                + "echo '{\"ended\": 2}'; echo '{\"ended\": 1}'\n"
                + "echo '{\"returns\": [[1, 0.5, -1], [-1, -0.5, 1]], \"lengths\": [5, 9, 6]}'; done\n");
        var told = Collections.synchronizedList(new ArrayList<String>());
        int[] ended = new int[1];

        Evaluation played;
        try (var contest = RayContest.open(
                python.toString(), POOL, List.of("me", "chance"), List.of("/a \"b\"", "random"), 2, told::add)) {
            played = contest.play(List.of(1, 0), 3, 7, () -> ended[0]++);
            contest.play(List.of(0), 3, 7, () -> {});
        }

        assertThat(played.returns()).isDeepEqualTo(new double[][] {{1, 0.5, -1}, {-1, -0.5, 1}});
        assertThat(played.lengths()).containsExactly(5, 9, 6);
        assertThat(ended[0]).isEqualTo(3);
        assertThat(told).containsExactly("warned");
        assertThat(Files.readString(folder.resolve("asked")))
                .contains("\"seats\":[\"random\",\"/a \\\"b\\\"\"]")
                .contains("\"seats\":[\"/a \\\"b\\\"\",\"/a \\\"b\\\"\"]");
    }

    @Test
    void whatPythonLacksIsToldWithTheCommandThatInstallsIt() throws IOException {
        Path python =
                script("echo '{\"missing\": \"No module named ray\", \"python\": \"/usr/bin/python3\"}'; exit 1\n");

        assertThatThrownBy(() -> open(python))
                .hasMessage("could not play on Ray; /usr/bin/python3 lacks a part of it: No module named ray; "
                        + "run: /usr/bin/python3 -m pip install \"hypertoken[ray]\"; or name another Python by "
                        + "HYPERTOKEN_PYTHON");
        assertThatThrownBy(() -> open(folder.resolve("none")))
                .hasMessageContaining("there is no Python " + folder.resolve("none"))
                .hasMessageContaining("pip install \"hypertoken[ray]\"");
    }

    @Test
    void aRefusalKeepsItsCodeAndACrashItsLastWords() throws IOException {
        Path refusing =
                script(READY + "read match; echo '{\"error\": {\"code\": \"bad_field\", \"what\": \"refused x\", "
                        + "\"why\": \"it is bad\", \"to_do\": \"mend it\"}}'; exit 1\n");
        Path crashing = script("for k in 1 2; do echo \"line $k\" >&2; done\nexit 3\n");

        try (var contest = open(refusing)) {
            assertThatThrownBy(() -> contest.play(List.of(0), 3, 7, () -> {}))
                    .isInstanceOfSatisfying(
                            HyperTokenException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_FIELD))
                    .hasMessage("refused x; it is bad; mend it");
        }
        assertThatThrownBy(() -> open(script("echo '{\"hello\": 1}'\n")))
                .hasMessageContaining("Python's hypertoken is of another version than this one");
        assertThatThrownBy(() -> open(crashing))
                .hasMessage("could not play on Ray; Python ended with exit code 3 and these words:\nline 1\nline 2; "
                        + "see `ray status`; run it again");
    }

    @Test
    void whatIsSilentTooLongIsEnded() throws IOException {
        Path python = script("exec sleep 600\n");
        System.setProperty(RayContest.LONGEST, "1");
        try {
            assertThatThrownBy(() -> open(python)).hasMessageContaining("Python was silent for 1 seconds");
        } finally {
            System.clearProperty(RayContest.LONGEST);
        }
        processOf(python).ifPresent(process -> process.onExit().join());
    }

    @Test
    void anInterruptedCallerLetsItEndByItself() throws Exception {
        Path ended = folder.resolve("ended");
        Path python = script(READY + "read match; while read more; do :; done; touch " + ended + "\n");
        var thrown = new AtomicReference<Throwable>();
        var asked = new AtomicReference<Thread>();
        Thread caller = Thread.ofPlatform().start(() -> {
            try (var contest = open(python)) {
                asked.set(Thread.currentThread());
                contest.play(List.of(0), 3, 7, () -> {});
            } catch (HyperTokenException e) {
                thrown.set(e);
            }
        });
        while (asked.get() == null) {
            Thread.sleep(5); // @Timeout bounds it
        }

        caller.interrupt();
        caller.join();

        assertThat(thrown.get()).hasMessageContaining("it was interrupted");
        assertThat(ended).exists();
    }

    private Optional<ProcessHandle> processOf(Path python) throws IOException {
        Path pid = python.resolveSibling("pid");
        return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
    }

    private static RayContest open(Path python) {
        return RayContest.open(python.toString(), POOL, List.of("me"), List.of("random"), 2, line -> {});
    }

    private Path script(String text) throws IOException {
        Path home = Files.createTempDirectory(folder, "python");
        Path script = Files.writeString(home.resolve("python"), "#!/bin/sh\necho $$ > " + home + "/pid\n" + text);
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }
}
