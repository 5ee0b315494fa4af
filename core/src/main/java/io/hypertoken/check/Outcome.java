package io.hypertoken.check;

/// What a check found.
public enum Outcome {
    /// All it looks at is as it should be.
    PASSED,
    /// The environment has nothing that it looks at.
    NOT_APPLICABLE,
    /// It works, but not as well as it could.
    WARNED,
    /// It breaks the contract.
    FAILED
}
