package io.hypertoken.engine;

/// How a vector goes about its steps, for tests and measurements: results never depend on it.
///
/// @param alwaysShares whether the threads share every step, also one so short that a single thread is faster
/// @param twins whether an environment's faster twin plays in its place
public record Tuning(boolean alwaysShares, boolean twins) {
    /// Threads share what gains by it, and twins play.
    public static final Tuning DEFAULT = new Tuning(false, true);
    /// Threads share every step.
    public static final Tuning SHARES_ALWAYS = new Tuning(true, true);
    /// Only the plain environments play.
    public static final Tuning PLAIN = new Tuning(false, false);
}
