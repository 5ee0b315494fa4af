package io.hypertoken.guests.wasm;

/// A module has trapped, or did not end in time; it plays no more.
final class LostModule extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// @param why a sentence without its full stop
    LostModule(String why) {
        super(why, null, false, false);
    }
}
