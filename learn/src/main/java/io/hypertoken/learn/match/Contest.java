package io.hypertoken.learn.match;

import io.hypertoken.learn.policy.Evaluation;
import java.util.List;

/// Contestants of one environment, known by their numbers, and where they play.
public interface Contest extends AutoCloseable {
    /// Their names.
    List<String> names();

    /// How many agents the environment has.
    int agents();

    /// Plays whole episodes, episode k from `seed + k`.
    ///
    /// @param seats the number of whoever plays each agent; one for all if it is one
    /// @param seed of the first episode
    /// @param ended is run at the end of each
    Evaluation play(List<Integer> seats, int episodes, long seed, Runnable ended);

    /// Nobody plays any more.
    @Override
    default void close() {}
}
