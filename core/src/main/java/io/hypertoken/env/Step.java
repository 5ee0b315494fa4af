package io.hypertoken.env;

import io.hypertoken.event.Event;
import io.hypertoken.random.Generator;
import java.util.OptionalLong;

/// The acting side of one copy: what was chosen, and what came of it.
///
/// A cursor that the engine owns and moves from copy to copy: use it inside the call that received it and never keep
/// it. Agents are indices from 0, in the order of [Spec]'s agent names; the forms without an agent speak of the agent
/// that acts. No method here allocates, except info, events and a reset's seed.
public abstract class Step {
    /// For the engine's own cursor.
    protected Step() {}

    /// This copy's generator: the only source of chance.
    public abstract Generator random();

    /// The options of this episode: the declared construction options, and the episode options given at its reset.
    public abstract Options options();

    /// The seed that this reset was given; empty when it draws on from the copy's generator, and in a step. The
    /// generator
    /// has been seeded with it already: it is for rules that run elsewhere and seed themselves.
    public abstract OptionalLong seed();

    /// How many agents this copy has.
    public abstract int agents();

    /// The agent that acts; 0 in a simultaneous game and in a reset.
    public abstract int agent();

    /// Whether the agent still plays: true until it is terminated or truncated.
    public abstract boolean alive(int agent);

    /// The acting agent's integer action (its first element where it has several), inside the action space.
    public final int action() {
        return action(agent(), 0);
    }

    /// An agent's integer action (its first element where it has several); only alive agents that act have one.
    public final int action(int agent) {
        return action(agent, 0);
    }

    /// Element k of an agent's integer action.
    public abstract int action(int agent, int k);

    /// Element k of the acting agent's action as a number, whatever its type.
    public final double value(int k) {
        return value(agent(), 0, k);
    }

    /// Element k of leaf `leaf` of an agent's action as a number; leaves count from 0 in declared order.
    public abstract double value(int agent, int leaf, int k);

    /// Adds to the acting agent's reward of this step.
    public final Step reward(double reward) {
        return reward(agent(), reward);
    }

    /// Adds to an agent's reward of this step. Finite; a reset gives none.
    public abstract Step reward(int agent, double reward);

    /// Ends the episode for all agents that still play: the rules say it is over.
    public abstract Step terminate();

    /// Ends the episode for one agent: the rules say it is over for it.
    public abstract Step terminate(int agent);

    /// [#terminate()] when the condition holds.
    public final Step terminateIf(boolean over) {
        return over ? terminate() : this;
    }

    /// Stops the episode for all agents that still play, though by the rules it could go on.
    public abstract Step truncate();

    /// Stops the episode for one agent, though by the rules it could go on.
    public abstract Step truncate(int agent);

    /// Gives the next turn to `agent`, who must be alive when the step ends; sequential games only.
    public abstract Step next(int agent);

    /// Adds to a metric; the engine reports each episode's sums.
    ///
    /// @param metric the handle that [Spec#metric(String)] gives
    public abstract Step metric(int metric, double value);

    /// Tells the acting agent something about this step: a number, string, boolean, or a list or map of these.
    public final Step info(String key, Object value) {
        return info(agent(), key, value);
    }

    /// Tells one agent something about this step: a number, string, boolean, or a list or map of these.
    public abstract Step info(int agent, String key, Object value);

    /// Tells the acting agent one of the Spec's info numbers; allocates nothing.
    ///
    /// @param number the handle that [Spec#infoNumber(String)] gives
    public final Step info(int number, double value) {
        return info(agent(), number, value);
    }

    /// Tells one agent one of the Spec's info numbers; allocates nothing. One that is not told in a step is missing
    /// from
    /// that step's info; a reset tells the declared value by itself.
    ///
    /// @param number the handle that [Spec#infoNumber(String)] gives
    public abstract Step info(int agent, int number, double value);

    /// Says that an agent's action, which its mask allowed, could not be played as it was: two choices that are
    /// possible
    /// each for itself, but not together. It is told like a fallback under every policy, the strict one included, for
    /// the rules have moved already.
    ///
    /// @param played the integers of the action that was played in its place, one for each element; the array is the
    ///     caller's own again afterwards
    /// @throws IllegalStateException if the environment has no binding mask
    public abstract Step illegal(int agent, int... played);

    /// Whether anyone hears events, so that a game may skip to make what nobody hears.
    public abstract boolean listening();

    /// Publishes an event when the step is over, unless the step breaks.
    public abstract Step emit(Event event);
}
