package io.hypertoken.learn.net;

import io.hypertoken.random.Generator;

/// The distribution that one row's outputs stand for: what is drawn from it, how likely that was, and the way back.
///
/// A cursor: [#see] says which row is meant by the other methods. For one thread; another has a [#copy()].
public sealed interface ActionHead permits Categorical, Gaussian {
    /// How many numbers the network must give.
    int outputs();

    /// How many further parameters it has, which no observation changes.
    int parameters();

    /// How many floats an action is kept in.
    int width();

    /// How many mask flags it heeds; 0 for none.
    int flags();

    /// Turns to a row.
    ///
    /// @param outputs the network's, of this row from `at` on
    /// @param mask the flags of this row from `maskAt` on, 0 for what is forbidden; not read without [#flags()]
    /// @param further the further parameters from `furtherAt` on
    void see(float[] outputs, int at, byte[] mask, int maskAt, float[] further, int furtherAt);

    /// Draws an action.
    void sample(Generator random, float[] action, int at);

    /// The likeliest action.
    void mode(float[] action, int at);

    /// The logarithm of how likely an action is.
    float logProbability(float[] action, int at);

    /// How undecided the distribution is, in nats, over what is legal.
    float entropy();

    /// Writes the gradient of the outputs, and adds that of the further parameters, for a loss whose derivatives by
    /// the action's log-probability and by the entropy are given.
    void backward(
            float[] action,
            int at,
            float byLogProbability,
            float byEntropy,
            float[] outputGradient,
            int outputAt,
            float[] furtherGradient,
            int furtherAt);

    /// The same, for another thread.
    ActionHead copy();
}
