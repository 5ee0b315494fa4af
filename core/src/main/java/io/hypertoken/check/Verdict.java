package io.hypertoken.check;

import java.io.Serial;

/// Ends a check early with an outcome other than passed.
final class Verdict extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final Outcome outcome;

    private Verdict(Outcome outcome, String text) {
        super(text, null, false, false);
        this.outcome = outcome;
    }

    /// @param what what was seen, where
    /// @param why the rule of the contract
    /// @param whatToDo what the author can do
    static Verdict failed(String what, String why, String whatToDo) {
        return new Verdict(Outcome.FAILED, what + "; " + why + "; " + whatToDo);
    }

    static Verdict warned(String what, String why, String whatToDo) {
        return new Verdict(Outcome.WARNED, what + "; " + why + "; " + whatToDo);
    }

    static Verdict notApplicable(String why) {
        return new Verdict(Outcome.NOT_APPLICABLE, why);
    }

    Outcome outcome() {
        return outcome;
    }
}
