package io.hypertoken.games.cliffwalking;

import io.hypertoken.env.Spec;

/// The walk on slippery ground: the rules of [CliffWalking] under an id of its own.
public final class CliffWalkingSlippery {
    public static final Spec SPEC = CliffWalking.declare("CliffWalkingSlippery-v1", true);

    private CliffWalkingSlippery() {}
}
