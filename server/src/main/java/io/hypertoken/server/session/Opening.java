package io.hypertoken.server.session;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.BatchLayout;
import io.hypertoken.engine.IllegalActions;
import io.hypertoken.engine.Settings;
import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import io.hypertoken.event.EventSink;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a session is to run: an environment, its options, and how.
///
/// @param spec the environment
/// @param options its construction options
/// @param rows how many copies
/// @param autoreset when an ended row begins anew; turns and the classic commands need DISABLED
/// @param illegal what happens to a masked action
/// @param seed of a first reset that brings none; null to draw one
/// @param leaseSeconds that the session outlives its connection
/// @param digested whether the trajectory's digest is kept
public record Opening(
        Spec spec,
        Options options,
        int rows,
        Autoreset autoreset,
        IllegalActions illegal,
        @Nullable Long seed,
        int leaseSeconds,
        boolean digested) {

    /// One row of an environment, reset by its client.
    ///
    /// @param options the construction options given, as text or values
    /// @throws io.hypertoken.HyperTokenException `bad_option`
    public static Opening of(Spec spec, Map<String, ?> options, @Nullable Long seed, int leaseSeconds) {
        return new Opening(
                spec, spec.options(options), 1, Autoreset.DISABLED, IllegalActions.FALLBACK, seed, leaseSeconds, false);
    }

    /// The bytes that its columns take.
    public long columnBytes() {
        return BatchLayout.of(spec, spec.signature(options), rows, autoreset).bytes();
    }

    Settings settings(EventSink events) {
        return Settings.DEFAULT.rows(rows).autoreset(autoreset).illegal(illegal).events(events);
    }

    /// Whether one row is reset by its client: what turns and the classic commands need.
    public boolean playsTurns() {
        return rows == 1 && autoreset == Autoreset.DISABLED;
    }
}
