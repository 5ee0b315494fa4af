package io.hypertoken.env;

/// What an action mask says.
public enum MaskMeaning {
    /// There is no mask.
    NONE,
    /// A masked-out action breaks the rules: the illegal-action policy decides what happens.
    BINDING,
    /// A masked-out action is allowed but does nothing useful, as in Gymnasium's Taxi. It is shown
    /// for as long as there is something to see, so also with the last observation of an episode.
    ADVISORY
}
