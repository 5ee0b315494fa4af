package io.hypertoken.env;

import org.jspecify.annotations.Nullable;

/// An environment that can be drawn.
public interface Renders {
    /// The agent index that stands for a spectator, who may know everything.
    int SPECTATOR = -1;

    /// The state as lines of text, holding only what `agent` may know.
    ///
    /// @param agent the agent's index, or [#SPECTATOR]
    String text(int agent);

    /// The state as a picture for a spectator; null where there is none.
    default @Nullable Frame frame() {
        return null;
    }
}
