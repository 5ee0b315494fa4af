package io.hypertoken.env;

/// What numbers rewards are, where a framework tells them apart.
public enum RewardKind {
    FLOAT,
    INTEGER
}
