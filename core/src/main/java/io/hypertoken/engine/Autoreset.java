package io.hypertoken.engine;

import java.util.Locale;

/// When a row whose episode has ended begins the next one; Gymnasium's `AutoresetMode`, to the letter.
public enum Autoreset {
    /// The step after the end ignores its action and returns the first observation of the next episode, reward 0.
    NEXT_STEP,
    /// The step that ends an episode already returns the next one's first observation; the last one is in the final
    /// observation columns.
    SAME_STEP,
    /// Never: the caller resets ended rows; stepping one is `episode_over`.
    DISABLED;

    /// The mode as it travels: `next_step`, `same_step`, `disabled`.
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
