package io.hypertoken.guests.python;

import static org.assertj.core.api.Assertions.fail;

import io.hypertoken.env.Spec;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// The Python of the tests: the one that HYPERTOKEN_PYTHON names, or that of the source tree's `.venv`. Without one
/// these
/// tests fail, unless `-Dhypertoken.test.python=skip` leaves them out.
final class TestPython {
    private static final Path TROUBLED = Path.of("src", "test", "python", "troubled.py");

    private TestPython() {}

    static void required() {
        Assumptions.assumeFalse(
                "skip".equals(System.getProperty("hypertoken.test.python")), "asked to leave Python out");
        if (System.getenv(Interpreter.VARIABLE) == null) {
            System.setProperty(Interpreter.PROPERTY, installed());
        }
    }

    private static String installed() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path python = at.resolve(".venv").resolve("bin").resolve("python");
            if (Files.isExecutable(python)) {
                return python.toString();
            }
        }
        return fail("there is no Python with gymnasium; it is in .venv once python's development extra is installed; "
                + "name one by " + Interpreter.VARIABLE
                + ", or leave these tests out by -Dhypertoken.test.python=skip");
    }

    /// The environment whose actions are what may befall a guest.
    static Spec troubled() {
        return GymnasiumEnvironment.spec(TROUBLED.toAbsolutePath() + ":Troubled-v3");
    }
}
