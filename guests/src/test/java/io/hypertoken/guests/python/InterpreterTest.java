package io.hypertoken.guests.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterpreterTest {
    @Test
    void theOptionCountsBeforeTheVariableBeforeTheHostBeforeTheActiveEnvironment(@TempDir Path venv)
            throws IOException {
        Path python = Files.createDirectories(venv.resolve("bin")).resolve("python");
        Files.createFile(python);
        assertThat(python.toFile().setExecutable(true)).isTrue();
        var active = Map.of("VIRTUAL_ENV", venv.toString());
        var both = Map.of("VIRTUAL_ENV", venv.toString(), "HYPERTOKEN_PYTHON", "named");

        assertThat(Interpreter.of("given", both, "host", null).program()).isEqualTo("given");
        assertThat(Interpreter.of("", both, "host", null).program()).isEqualTo("named");
        assertThat(Interpreter.of("", active, "host", null).program()).isEqualTo("host");
        assertThat(Interpreter.of("", active, null, null).program()).isEqualTo(python.toString());
        assertThat(Interpreter.of("", Map.of(), null, null).program()).isEqualTo("python3");
        assertThat(Interpreter.of("", Map.of("VIRTUAL_ENV", "/nowhere"), null, null)
                        .program())
                .isEqualTo("python3");
    }

    @Test
    void whatIsImportedFirstIsNamedAsPathsAre() {
        String two = "my_games" + File.pathSeparator + "games/mine.py";

        assertThat(Interpreter.of("", Map.of("HYPERTOKEN_PYTHON_IMPORT", two), null, null)
                        .imports())
                .isEqualTo(List.of("my_games", "games/mine.py"));
        assertThat(Interpreter.of("", Map.of("HYPERTOKEN_PYTHON_IMPORT", two), null, "other")
                        .imports())
                .isEqualTo(List.of("other"));
    }
}
