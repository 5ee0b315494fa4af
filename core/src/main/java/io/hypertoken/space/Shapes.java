package io.hypertoken.space;

/// The one check that the spaces' constructors share.
final class Shapes {
    private Shapes() {}

    static void require(boolean holds, String what, String why) {
        if (!holds) {
            throw refusal(what, why);
        }
    }

    static IllegalArgumentException refusal(String what, String why) {
        return new IllegalArgumentException("cannot make " + what + "; " + why + "; mend the declaration");
    }
}
