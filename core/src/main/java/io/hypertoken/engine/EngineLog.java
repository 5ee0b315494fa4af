package io.hypertoken.engine;

import io.hypertoken.Shown;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the engine has to say when somebody else's code failed; it never fails itself.
///
/* The logger is made when it is first needed: setting it up takes longer than all else that opens a vector. What a logging
library throws must not reach a step. */
final class EngineLog {
    private static final Logger OUT = LoggerFactory.getLogger(VectorEnvironment.class);

    private EngineLog() {}

    static void warn(String message, Object... values) {
        try {
            OUT.warn(message, values);
        } catch (Throwable thrown) {
            System.err.println("hypertoken: cannot log: " + Shown.failure(thrown));
        }
    }
}
