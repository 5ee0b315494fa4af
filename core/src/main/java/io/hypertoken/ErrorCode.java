package io.hypertoken;

import java.util.Locale;

/// What kind of failure a caller met; the same word in Java, on the wire and in Python.
public enum ErrorCode {
    /// A message that is not one JSON object.
    BAD_JSON,
    /// A command that nobody knows.
    UNKNOWN_COMMAND,
    /// A field that the command needs is absent.
    MISSING_FIELD,
    /// A known field of the wrong type or outside its range.
    BAD_FIELD,
    /// An agent name that this environment does not have.
    UNKNOWN_AGENT,
    /// An action for an agent that is not the one to act.
    NOT_YOUR_TURN,
    /// An action outside the action space.
    BAD_ACTION,
    /// An action that the mask forbids, under the `strict` policy.
    ILLEGAL_ACTION,
    /// A request number that is neither the next nor the last.
    BAD_STEP,
    /// A step or a look before the first reset.
    NOT_RESET,
    /// A step after the episode has ended.
    EPISODE_OVER,
    /// An environment id that the catalogue does not hold.
    UNKNOWN_ENVIRONMENT,
    /// An option that is not declared, or a value outside its declared range.
    BAD_OPTION,
    /// A session id that never was.
    UNKNOWN_SESSION,
    /// A session whose lease ran out.
    SESSION_LOST,
    /// A count beyond a limit.
    TOO_LARGE,
    /// More requests than the limit allows.
    RATE_LIMITED,
    /// An environment that cannot be constructed or reset.
    ENVIRONMENT_FAILED,
    /// A defect of HyperToken itself.
    INTERNAL;

    /// The code as it travels: lower case, words joined by underscores.
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
