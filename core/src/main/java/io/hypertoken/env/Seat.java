package io.hypertoken.env;

import io.hypertoken.space.Space;

/// One agent's place in one row, for a [Policy]: what it sees, what its mask allows, and its action.
///
/// A cursor that is moved from agent to agent: use it inside the call that received it and never keep it.
public interface Seat {
    /// The row, from 0.
    int row();

    /// The agent's index, from 0.
    int agent();

    /// What the agent may choose from.
    Space actionSpace();

    /// Element k of a leaf of what the agent sees.
    ///
    /// @throws IndexOutOfBoundsException if there is no such element
    double seen(int leaf, int k);

    /// Element k of leaf 0.
    ///
    /// @throws IndexOutOfBoundsException if there is no such element
    default double seen(int k) {
        return seen(0, k);
    }

    /// Whether flag k of the action mask is true; see [View#allow(int, boolean)] for their order. Always without a
    /// mask.
    boolean allowed(int k);

    /// Whether the environment has a mask.
    boolean masked();

    /// Chooses element k of a leaf of the action.
    ///
    /// @throws IndexOutOfBoundsException if there is no such element
    void choose(int leaf, int k, double value);

    /// Chooses element k of an integer action.
    ///
    /// @throws IndexOutOfBoundsException if there is no such element
    default void choose(int k, long value) {
        choose(0, k, value);
    }
}
