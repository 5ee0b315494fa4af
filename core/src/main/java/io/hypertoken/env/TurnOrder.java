package io.hypertoken.env;

/// Who acts in a step.
public enum TurnOrder {
    /// One agent at a time.
    SEQUENTIAL,
    /// All alive agents at once, none seeing what the others chose.
    SIMULTANEOUS
}
