package io.hypertoken.guests.wasm;

/// Why a module cannot be an environment, and what its author can do.
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    final String why;
    final String what;

    /// @param why a sentence about the module, `it …`
    /// @param what what to do
    Refusal(String why, String what) {
        super(why + "; " + what, null, false, false);
        this.why = why;
        this.what = what;
    }
}
