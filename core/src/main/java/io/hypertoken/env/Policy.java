package io.hypertoken.env;

/// A way to play: it looks at what a [Seat] may see, and chooses an action of those that its mask allows.
///
/// One policy plays many seats in turn. It remembers nothing of them from one call to the next, so that what it does
/// depends on nothing but what it is shown; chance that it needs is its own. Called by one thread at a time.
@FunctionalInterface
public interface Policy {
    /// Chooses the whole action of a seat that is to act.
    void act(Seat seat);
}
