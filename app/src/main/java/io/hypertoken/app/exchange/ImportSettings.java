package io.hypertoken.app.exchange;

import org.jspecify.annotations.Nullable;

/// What an import is told beside its files.
///
/// @param window how long all windows are; null to tell it by the paths, or else by their spacing
/// @param play the windows that are played; null for the shortest
/// @param from Unix seconds; windows that begin earlier are left out
/// @param until Unix seconds; windows that begin then or later are left out
/// @param lastWins whether of two answers that differ the later path is kept, rather than both refused
public record ImportSettings(
        @Nullable Window window, @Nullable Window play, long from, long until, boolean lastWins) {
    /// All of it, as paths and spacing tell.
    public static final ImportSettings DEFAULT = new ImportSettings(null, null, 0, Long.MAX_VALUE, false);

    boolean wants(long start) {
        return start >= from && start < until;
    }
}
