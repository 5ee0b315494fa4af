package io.hypertoken.engine;

import java.util.Locale;

/// What happens to an action inside the space that a binding mask forbids.
public enum IllegalActions {
    /// The declared fallback is played, and the agent's info says so: `illegal_action`, `played`.
    FALLBACK,
    /// The step is refused as `illegal_action` and changes nothing.
    STRICT,
    /// The episode ends for everyone, terminated and truncated, the offender with reward -1 and the others with 0, as
    /// PettingZoo's TerminateIllegalWrapper does around its classic games.
    TERMINATE;

    /// The policy as it travels: `fallback`, `strict`, `terminate`.
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
