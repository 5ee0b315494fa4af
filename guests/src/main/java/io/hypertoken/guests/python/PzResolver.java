package io.hypertoken.guests.python;

/// Finds `pz:classic/tictactoe_v3`, `pz:my_package.my_game_v0` and `pz:path/to/my_game.py`, each also after `aec:` or
/// `parallel:`, as in `pz:aec:classic/rps_v2`.
public final class PzResolver extends PythonResolver {
    /// For the service loader.
    public PzResolver() {
        super("pz");
    }
}
