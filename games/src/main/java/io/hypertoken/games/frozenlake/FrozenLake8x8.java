package io.hypertoken.games.frozenlake;

import io.hypertoken.env.Spec;

/// The lake of 64 cells: the rules of [FrozenLake] under an id of its own.
public final class FrozenLake8x8 {
    public static final Spec SPEC = FrozenLake.declare("FrozenLake8x8-v1", "8x8", 200, 0.85);

    private FrozenLake8x8() {}
}
