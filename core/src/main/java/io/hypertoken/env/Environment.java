package io.hypertoken.env;

/// The rules of one copy of a game or simulation, and nothing else.
///
/// An environment acts through a [Step] and shows itself through a [View]; batches, threads, seeds, autoreset, time
/// limits, illegal actions and statistics are the engine's. It is declared by a `public static final Spec SPEC` and
/// found by one line in `META-INF/services/io.hypertoken.env.Environment` that names its class.
///
/// The engine calls one copy from one thread at a time. All randomness comes from [Step#random()], so that the same
/// seed gives the same trajectory everywhere. A copy may also implement [Snapshot] (its state can be saved) and
/// [Renders] (it can be drawn).
public interface Environment {
    /// Begins an episode. Every agent is alive and agent 0 is to act unless [Step#next(int)] says otherwise.
    ///
    /// A reset may not end an episode: a game whose start is already decided gives its agents one forced turn.
    /// The first reset always comes before the first step.
    void reset(Step step);

    /// Plays one action: that of [Step#agent()], or those of all alive agents in a simultaneous game.
    ///
    /// At entry all rewards are 0, all flags false and the info empty. Unless [Step#next(int)] is called, the turn
    /// passes to the next alive agent in order. An exception ends this copy's episode as truncated, and a fresh copy
    /// takes its place.
    void step(Step step);

    /// Writes what `agent` sees now, and which of its actions are allowed, over zeros and an all-true mask.
    ///
    /// Must change nothing: the engine calls it for whoever is to see something, as often as it likes.
    ///
    /// @param agent the agent's index, from 0
    void observe(int agent, View view);

    /// Lets go of what the copy holds beside memory. Called once: when its vector is closed, or when a fresh copy takes
    /// its place; nothing else is called afterwards.
    default void close() {}
}
