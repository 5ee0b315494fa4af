package io.hypertoken.learn.hub;

import static io.hypertoken.ErrorCode.UNAVAILABLE;

import io.hypertoken.HyperTokenException;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.python.PrintedLines;
import io.hypertoken.python.PythonProgram;
import io.hypertoken.python.PythonRefusal;
import io.hypertoken.python.SentModules;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One run of the Python package's `hypertoken.hub`, which the jar carries, and what it answered.
///
/// The Python is the one that [PythonProgram] finds, else the one that the command `hf` runs by, else `python3`. It
/// ends
/// when this process does: its standard input ends then.
final class HubProcess {
    /// The system property of how many seconds one may take.
    static final String LONGEST = "hypertoken.hub.seconds";

    private static final long LONGEST_SECONDS = Duration.ofMinutes(30).toSeconds();
    private static final int ANSWER = 1 << 20;
    private static final String FILES = "python/";
    private static final List<String> MODULES = List.of(
            "__init__",
            "__main__",
            "card",
            "committing",
            "contents",
            "curve",
            "files",
            "library",
            "pulling",
            "pushing");

    private final Map<String, @Nullable Object> answer;

    private HubProcess(Map<String, @Nullable Object> answer) {
        this.answer = answer;
    }

    /// Runs it to its end.
    ///
    /// @param what it is to do, for errors: `push … to …`
    /// @param token who does it; null for whom the environment names. It is handed over there, on no command line
    /// @param told hears each line that it tells, from another thread
    static HubProcess run(String what, List<String> words, @Nullable String token, Consumer<String> told) {
        return run(python(System.getenv(), System.getProperty(PythonProgram.PROPERTY)), what, words, token, told);
    }

    /// As the other, by a given Python.
    static HubProcess run(
            String python, String what, List<String> words, @Nullable String token, Consumer<String> told) {
        var command = new ArrayList<>(List.of(python, "-c", SentModules.boot("hypertoken.hub.__main__")));
        command.addAll(words);
        var builder = new ProcessBuilder(command);
        builder.environment().put("HYPERTOKEN_HUB_CALLER", "1");
        builder.environment().put("PYTHONIOENCODING", "utf-8");
        if (token != null) {
            builder.environment().put("HF_TOKEN", token);
        }
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new HyperTokenException(
                    UNAVAILABLE,
                    "could not " + what,
                    "there is no Python " + python,
                    "install Python 3.11 or newer and run: uv tool install huggingface_hub --with pillow; or name"
                            + " one by " + PythonProgram.VARIABLE,
                    e);
        }
        try (OutputStream input = process.getOutputStream()) {
            return answered(what, process, input, told);
        } catch (IOException e) {
            throw failed(what, String.valueOf(e.getMessage()));
        } finally {
            process.destroyForcibly();
        }
    }

    private static HubProcess answered(String what, Process process, OutputStream input, Consumer<String> told)
            throws IOException {
        var printed = new PrintedLines(process.getErrorStream(), told);
        var answer = new byte[1][];
        Thread reader = Thread.ofVirtual().start(() -> answer[0] = read(process.getInputStream()));
        String words;
        try {
            send(input);
            long seconds = Long.getLong(LONGEST, LONGEST_SECONDS);
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw failed(what, "it was not done after " + seconds + " seconds");
            }
            reader.join();
            words = printed.last();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw failed(what, "it was interrupted");
        }
        byte[] bytes = answer[0];
        if (bytes == null || bytes.length == 0) {
            throw failed(what, "Python ended with exit code " + process.exitValue() + " and these words:\n" + words);
        }
        return new HubProcess(refused(JsonMessage.read(bytes)));
    }

    private static void send(OutputStream input) {
        try {
            input.write(texts());
            input.flush();
        } catch (IOException diedAlready) {
            // what it printed tells why
        }
    }

    private static byte[] texts() {
        var resources = new LinkedHashMap<String, String>();
        resources.put("hypertoken", "");
        resources.put("hypertoken.errors", FILES + "errors.py");
        for (String module : MODULES) {
            resources.put(
                    module.equals("__init__") ? "hypertoken.hub" : "hypertoken.hub." + module,
                    FILES + "hub/" + module + ".py");
        }
        return SentModules.lines(HubProcess.class, resources);
    }

    private static byte[] read(InputStream printed) {
        try {
            return printed.readNBytes(ANSWER);
        } catch (IOException gone) {
            return new byte[0];
        }
    }

    /// The answer, if it is no refusal.
    private static Map<String, @Nullable Object> refused(Map<String, @Nullable Object> answer) {
        if (answer.get("error") instanceof Map<?, ?> error) {
            throw PythonRefusal.of(error);
        }
        return answer;
    }

    private static HyperTokenException failed(String what, String why) {
        return new HyperTokenException(
                UNAVAILABLE, "could not " + what, why, "see that the Hub can be reached; run it again");
    }

    /// A field of the answer.
    String text(String name) {
        if (answer.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalStateException("the Hub's program answered without " + name + ": " + answer);
    }

    /// Which Python is run.
    static String python(Map<String, String> variables, @Nullable String host) {
        return PythonProgram.chosen(variables, host)
                .or(() -> ofCommand(variables.getOrDefault("PATH", "")))
                .orElseGet(PythonProgram::usual);
    }

    /// The Python that the command `hf` names in its first line, as `uv tool install huggingface_hub` makes it.
    private static Optional<String> ofCommand(String path) {
        return Arrays.stream(path.split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "hf"))
                .filter(Files::isExecutable)
                .findFirst()
                .flatMap(HubProcess::firstLine)
                .filter(line -> line.startsWith("#!/")
                        && Files.isExecutable(Path.of(line.substring(2).strip())))
                .map(line -> line.substring(2).strip());
    }

    private static Optional<String> firstLine(Path script) {
        try (var reader = Files.newBufferedReader(script, StandardCharsets.ISO_8859_1)) {
            char[] begins = new char[512];
            int count = Math.max(0, reader.read(begins));
            return new String(begins, 0, count).lines().findFirst();
        } catch (IOException unread) {
            return Optional.empty();
        }
    }
}
