package io.hypertoken.learn.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.ErrorCode;
import io.hypertoken.HyperTokenException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How the program is run; what it does is tested where it is written, in Python.
@Timeout(60)
class HubProcessTest {
    private static final String TOKEN = "hf_secret";

    @TempDir
    Path folder;

    @Test
    void thePythonIsTheChosenOneElseThatOfTheCommandHfElseTheUsualOne() throws IOException {
        Path python = script("its-python", "");
        script("hf", "#!" + python + "\nimport sys\n");
        var path = Map.of("PATH", "/nowhere:" + folder);

        assertThat(HubProcess.python(Map.of("PATH", folder.toString(), "HYPERTOKEN_PYTHON", "named"), "host"))
                .isEqualTo("named");
        assertThat(HubProcess.python(path, "host")).isEqualTo("host");
        assertThat(HubProcess.python(path, null)).isEqualTo(python.toString());
        assertThat(HubProcess.python(Map.of("PATH", "/nowhere"), null)).isEqualTo("python3");
    }

    @Test
    void valuesTravelAsArgumentsAndTheTokenInTheEnvironment() throws IOException {
        Path python = script("python", """
                #!/bin/sh
                shift 2
                for word in "$@"; do echo "$word" >&2; done
                echo "token $HF_TOKEN" >&2
                echo '{"url": "https://hub/me/x"}'
                """);
        var told = new ArrayList<String>();

        HubProcess done = HubProcess.run(
                python.toString(), "push", List.of("--message=\"a\" 'b' $(c) `d`;", "me/x"), TOKEN, told::add);

        assertThat(done.text("url")).isEqualTo("https://hub/me/x");
        assertThat(told).containsExactly("--message=\"a\" 'b' $(c) `d`;", "me/x", "token " + TOKEN);
    }

    @Test
    void aRefusalKeepsItsCodeAndItsWords() throws IOException {
        Path python = script("python", """
                #!/bin/sh
                echo '{"error": {"code": "bad_field", "what": "refused x", "why": "it is bad", "to_do": "mend it"}}'
                exit 1
                """);

        assertThatThrownBy(() -> run(python))
                .isInstanceOfSatisfying(
                        HyperTokenException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_FIELD))
                .hasMessage("refused x; it is bad; mend it");
    }

    @Test
    void aProgramThatCrashesIsToldByItsLastWords() throws IOException {
        Path python = script("python", "#!/bin/sh\nfor k in 1 2 3; do echo \"line $k\" >&2; done\nexit 3\n");

        assertThatThrownBy(() -> run(python))
                .hasMessage("could not push; Python ended with exit code 3 and these words:\nline 1\nline 2\nline 3; "
                        + "see that the Hub can be reached; run it again");
    }

    @Test
    void whereThereIsNoPythonItIsSaidHowToGetOne() {
        assertThatThrownBy(() -> run(folder.resolve("none")))
                .hasMessageContaining("there is no Python " + folder.resolve("none"))
                .hasMessageContaining("uv tool install huggingface_hub");
    }

    @Test
    void aProgramThatIsNotDoneInTimeIsEnded() throws IOException {
        Path python = script("python", "#!/bin/sh\nexec sleep 600\n");
        System.setProperty(HubProcess.LONGEST, "1");
        try {
            assertThatThrownBy(() -> run(python)).hasMessageContaining("it was not done after 1 seconds");
        } finally {
            System.clearProperty(HubProcess.LONGEST);
        }
    }

    @Test
    void anInterruptedCallerEndsTheProgram() throws Exception {
        Path pid = folder.resolve("pid");
        Path python = script(
                "python", "#!/bin/sh\necho $$ > " + pid + ".new; mv " + pid + ".new " + pid + "\nexec sleep 600\n");
        var thrown = new AtomicReference<Throwable>();
        Thread caller = Thread.ofPlatform().start(() -> {
            try {
                run(python);
            } catch (HyperTokenException e) {
                thrown.set(e);
            }
        });
        while (!Files.exists(pid)) {
            Thread.sleep(5); // @Timeout bounds it
        }

        caller.interrupt();
        caller.join();

        assertThat(thrown.get()).hasMessageContaining("it was interrupted");
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                .ifPresent(process -> process.onExit().join());
    }

    private static void run(Path python) {
        HubProcess.run(python.toString(), "push", List.of("push"), null, line -> {});
    }

    private Path script(String name, String text) throws IOException {
        Path script = Files.writeString(folder.resolve(name), text);
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }
}
