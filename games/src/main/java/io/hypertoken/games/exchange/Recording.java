package io.hypertoken.games.exchange;

import org.jspecify.annotations.Nullable;

/// Recorded data that episodes replay: the windows that agents trade in, and what is known of longer ones.
///
/// @param windows the bars that are played, one decision each
/// @param hours bars of one hour; null to make them of `windows` where those are shorter
/// @param days bars of 24 hours; null where there are none
public record Recording(
        BarColumns windows,
        @Nullable BarColumns hours,
        @Nullable BarColumns days) {
    public Recording {
        requireLength(hours, Hours.SECONDS);
        requireLength(days, 24 * Hours.SECONDS);
    }

    private static void requireLength(@Nullable BarColumns columns, int seconds) {
        if (columns != null && columns.seconds() != seconds) {
            throw new IllegalArgumentException(
                    "bars of " + columns.seconds() + " s stand where bars of " + seconds + " s belong; pass those");
        }
    }
}
