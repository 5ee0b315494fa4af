package io.hypertoken.guests.python;

import static io.hypertoken.ErrorCode.BAD_OPTION;
import static io.hypertoken.ErrorCode.ENVIRONMENT_FAILED;
import static io.hypertoken.ErrorCode.UNKNOWN_ENVIRONMENT;

import io.hypertoken.DidYouMean;
import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A worker never got as far as to play.
final class NotStarted extends Exception {
    private static final long serialVersionUID = 1;
    private static final int LONGEST = 1000;

    /// What the worker itself has said; empty where it could not.
    private final transient Map<String, @Nullable Object> told;

    NotStarted(String why) {
        super(why);
        this.told = Map.of();
    }

    /// @param told the content of its `E` message
    NotStarted(Map<String, @Nullable Object> told) {
        super(Shown.shortened(String.valueOf(told.get("message")), LONGEST));
        this.told = told;
    }

    /// Why, in words.
    String why() {
        return Objects.requireNonNullElse(getMessage(), "it could not be started");
    }

    /// The refusal of whoever wanted to open the environment.
    HyperTokenException refusal(Asked asked) {
        Object code = told.get("code");
        if ("unknown".equals(code)) {
            List<String> known = told.get("known") instanceof List<?> names
                    ? names.stream().map(id -> asked.kind() + ":" + id).toList()
                    : List.of();
            List<String> near = DidYouMean.nearest(asked.id(), known);
            return new HyperTokenException(
                    UNKNOWN_ENVIRONMENT,
                    "there is no environment " + Shown.shortened(asked.id(), 80),
                    why(),
                    near.isEmpty()
                            ? "ask for an id of the registry of "
                                    + asked.python().program() + ", for module:id, or for file.py:id"
                            : DidYouMean.hint(asked.id(), near));
        }
        if ("missing".equals(code)) {
            String missing = String.valueOf(told.get("package"));
            return failed(
                    asked,
                    asked.python().program() + " lacks a package (" + why() + ")",
                    "install it: " + asked.python().install(missing) + ", or name another Python by "
                            + Interpreter.VARIABLE);
        }
        if (!asked.kwargs().isEmpty() && why().contains("unexpected keyword argument")) {
            return new HyperTokenException(
                    BAD_OPTION,
                    asked.id() + " refused options " + Shown.value(asked.kwargs()),
                    why(),
                    "give what its constructor takes");
        }
        return failed(
                asked,
                why(),
                "mend the environment, or its options; " + Interpreter.VARIABLE + " names another Python than "
                        + asked.python().program());
    }

    private HyperTokenException failed(Asked asked, String why, String what) {
        return new HyperTokenException(ENVIRONMENT_FAILED, asked.id() + " cannot be played", why, what, this);
    }
}
