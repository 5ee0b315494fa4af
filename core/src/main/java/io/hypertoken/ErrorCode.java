package io.hypertoken;

import java.util.Locale;

/// What kind of failure a caller met; the same word in Java, on the wire and in Python. Each says what it means.
public enum ErrorCode {
    BAD_JSON("A message that is not one JSON object."),
    UNKNOWN_COMMAND("A command that nobody knows."),
    MISSING_FIELD("A field that the command needs is absent."),
    BAD_FIELD("A known field of the wrong type or outside its range."),
    UNKNOWN_AGENT("An agent name that this environment does not have."),
    NOT_YOUR_TURN("An action for an agent that is not the one to act."),
    BAD_ACTION("An action outside the action space."),
    ILLEGAL_ACTION("An action that the mask forbids, under the `strict` policy."),
    BAD_STEP("A request number that is neither the next nor the last."),
    NOT_RESET("A step or a look before the first reset."),
    EPISODE_OVER("A step after the episode has ended."),
    UNKNOWN_ENVIRONMENT("An environment id that the catalogue does not hold."),
    BAD_OPTION("An option that is not declared, or a value outside its declared range."),
    UNKNOWN_SESSION("A session id that never was, or that its client closed."),
    SESSION_LOST("A session whose lease ran out, or that another connection has taken over."),
    TOO_LARGE("A count beyond a limit."),
    RATE_LIMITED("More requests than the limit allows."),
    ENVIRONMENT_FAILED("An environment that cannot be constructed or reset."),
    UNAVAILABLE("A disk, a server or a process that is needed does not work now; the same may be tried again."),
    INTERNAL("A defect of HyperToken itself.");

    private final String meaning;

    ErrorCode(String meaning) {
        this.meaning = meaning;
    }

    /// The code as it travels: lower case, words joined by underscores.
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// What it means, in a sentence.
    public String meaning() {
        return meaning;
    }
}
